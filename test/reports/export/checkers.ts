// Structural checkers of the three trace formats, written from their documented rules (TOOLCHAIN.md 3.9), not from our code:
// each returns what is wrong, in sentences; an empty list is a good file.

interface Entry {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number | string;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Chrome trace-event JSON as Perfetto reads it. */
export function chromeTraceProblems(text: string): string[] {
  const problems: string[] = [];
  const { traceEvents } = JSON.parse(text) as { traceEvents: readonly Entry[] };
  const slices = new Map<string, Entry[]>();
  let ts = 0;
  for (const entry of traceEvents) {
    const { ph, name, pid, tid } = entry;
    if (typeof name !== 'string' || !Number.isInteger(pid) || !Number.isInteger(tid))
      problems.push(`${ph} without a name or a place`);
    if (!Number.isInteger(entry.ts) || entry.ts < 0) problems.push(`${name}: ts ${entry.ts} is no whole microsecond`);
    if (ph !== 'M' && entry.ts < ts) problems.push(`${name}: out of order`);
    if (ph !== 'M') ({ ts } = entry);
    if (ph === 'X') {
      if (!Number.isInteger(entry.dur) || entry.dur! <= 0) problems.push(`${name}: dur ${entry.dur}`);
      slices.set(`${pid}/${tid}`, [...(slices.get(`${pid}/${tid}`) ?? []), entry]);
    }
    if (ph === 'i' && !['t', 'p', 'g'].includes(entry.s ?? '')) problems.push(`${name}: instant without a scope`);
    if (ph === 'C' && Object.values(entry.args ?? {}).some((value) => typeof value !== 'number'))
      problems.push(`${name}: counter that is no number`);
    if (!['M', 'X', 'i', 'C', 'b', 'e', 's', 'f'].includes(ph)) problems.push(`${name}: phase ${ph}`);
  }
  for (const [place, own] of slices) problems.push(...nestingProblems(place, own));
  problems.push(...flowProblems(traceEvents, slices), ...asyncProblems(traceEvents), ...nameProblems(traceEvents));
  return problems;
}

function nestingProblems(place: string, slices: readonly Entry[]): string[] {
  const open: Entry[] = [];
  return slices.flatMap((slice) => {
    while (open.length > 0 && open.at(-1)!.ts + open.at(-1)!.dur! <= slice.ts) open.pop();
    const holder = open.at(-1);
    open.push(slice);
    return holder !== undefined && slice.ts + slice.dur! > holder.ts + holder.dur!
      ? [`${place}: ${slice.name} does not nest in ${holder.name}`]
      : [];
  });
}

function flowProblems(entries: readonly Entry[], slices: ReadonlyMap<string, readonly Entry[]>): string[] {
  const problems: string[] = [];
  const starts = new Map<string, Entry>();
  const ends = new Set<string>();
  for (const entry of entries) {
    if (entry.ph !== 's' && entry.ph !== 'f') continue;
    const key = `${entry.cat}/${entry.name}/${entry.id}`;
    const inside = slices
      .get(`${entry.pid}/${entry.tid}`)
      ?.some(({ ts, dur }) => ts <= entry.ts && entry.ts < ts + dur!);
    if (inside !== true) problems.push(`flow ${key} is in no slice`);
    if (entry.ph === 's') {
      if (starts.has(key)) problems.push(`flow ${key} begins twice`);
      starts.set(key, entry);
    } else {
      if (entry.bp !== 'e') problems.push(`flow ${key} is not bound to its enclosing slice`);
      if (!starts.has(key)) problems.push(`flow ${key} ends before it begins`);
      ends.add(key);
    }
  }
  for (const key of starts.keys()) if (!ends.has(key)) problems.push(`flow ${key} does not end`);
  return problems;
}

function asyncProblems(entries: readonly Entry[]): string[] {
  const open = new Set<string>();
  const problems: string[] = [];
  for (const { ph, cat, id, pid, name } of entries) {
    const key = `${pid}/${cat}/${id}`;
    if (ph === 'b' && open.has(key)) problems.push(`async ${name} begins twice`);
    if (ph === 'b') open.add(key);
    if (ph === 'e' && !open.delete(key)) problems.push(`async ${name} ends before it begins`);
  }
  return [...problems, ...[...open].map((key) => `async ${key} does not end`)];
}

function nameProblems(entries: readonly Entry[]): string[] {
  const named = new Set(
    entries.flatMap(({ ph, name, pid, tid }) => (ph === 'M' && name === 'thread_name' ? [`${pid}/${tid}`] : [])),
  );
  return entries
    .filter(({ ph, pid, tid }) => ph === 'X' && !named.has(`${pid}/${tid}`))
    .map(({ pid, tid }) => `thread ${pid}/${tid} has no name`);
}

/** A ShiViz log: expression, delimiter, then events whose clocks ShiViz accepts. Returns also the arrows it would draw. */
export function shivizProblems(text: string): {
  problems: string[];
  events: { host: string; event: string; clock: Record<string, number> }[];
} {
  const problems: string[] = [];
  const [expression, delimiter, ...rest] = text.split('\n');
  if (delimiter !== '') problems.push('the delimiter of executions is not empty');
  const log = rest.join('\n');
  const events = [...log.matchAll(new RegExp(expression!, 'g'))].map(({ groups }) => ({
    host: groups!['host']!,
    event: groups!['event']!,
    clock: JSON.parse(groups!['clock']!) as Record<string, number>,
  }));
  if (events.length * 2 !== rest.length - 1) problems.push(`${events.length} events from ${rest.length - 1} lines`);
  if (!['event', 'host', 'clock'].every((name) => expression!.includes(`(?<${name}>`)))
    problems.push('the expression lacks one of the groups event, host, clock');
  const counts = new Map<string, number>();
  const clocks = new Map<string, Readonly<Record<string, number>>>();
  for (const { host, clock, event } of events) {
    // Whoever has heard of an event has heard of all that it had heard of: ShiViz recomputes the clocks from its arrows.
    clocks.set(`${host} ${clock[host]}`, clock);
    const known = [`${host} ${(clock[host] ?? 0) - 1}`, ...Object.entries(clock).map(([other, n]) => `${other} ${n}`)];
    for (const cause of known) {
      for (const [other, count] of Object.entries(clocks.get(cause) ?? {})) {
        if (count > (clock[other] ?? 0))
          problems.push(`${event}: knows ${cause}, and not ${other} ${count}, which that knew`);
      }
    }
    const own = (counts.get(host) ?? 0) + 1;
    counts.set(host, own);
    if (clock[host] !== own) problems.push(`${event}: own entry ${clock[host]}, not ${own}`);
    for (const [other, count] of Object.entries(clock)) {
      // A cause comes before its effect in the log, so its host has had that many events by now.
      if (count > (counts.get(other) ?? 0))
        problems.push(`${event}: has heard of event ${count} of ${other} too early`);
      if (!Number.isInteger(count) || count < 1) problems.push(`${event}: entry ${count}`);
    }
  }
  return { problems, events };
}

/** The subset of Mermaid's sequence diagrams that is used, with its limits. */
export function mermaidProblems(text: string): string[] {
  const lines = text.trimEnd().split('\n');
  const problems: string[] = lines[0] === 'sequenceDiagram' ? [] : ['does not begin with sequenceDiagram'];
  const participants = new Set<string>();
  let messages = 0;
  for (const line of lines.slice(1)) {
    const participant = /^ {2}participant (\w+) as (\S.*)$/.exec(line);
    const note = /^ {2}Note over (\w+): (\S.*)$/.exec(line);
    const message = /^ {2}(\w+?)(?:->>|-->>|-\)|--\)|-x)(\w+): (\S.*)$/.exec(line);
    const words = (participant ?? note ?? message)?.at(-1);
    if (words === undefined) problems.push(`not understood: ${line}`);
    else if (/[;#]/.test(words.replaceAll(/#\d+;/g, ''))) problems.push(`unescaped: ${line}`);
    if (participant !== null) participants.add(participant[1]!);
    if (message !== null) messages++;
    for (const used of note !== null ? [note[1]!] : message !== null ? [message[1]!, message[2]!] : []) {
      if (!participants.has(used)) problems.push(`${used} is no participant`);
    }
  }
  if (messages > 60) problems.push(`${messages} messages`);
  if (text.length > 50_000) problems.push('too long');
  return problems;
}
