// Loaded before a program (`node --import`): at its end the processor time of the whole process, start and all threads, and the
// time by the wall clock since it began, go as JSON into the file that BENCH_CPU names.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread)
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const cost = { cpuMs: (user + system) / 1000, wallMs: process.uptime() * 1000 };
    writeFileSync(process.env['BENCH_CPU'], JSON.stringify(cost));
  });
