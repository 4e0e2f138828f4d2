// Runs in a browser: fetches a plan from the server that served this page, simulates it, posts the outcome
// back, and with it the bits of the random numbers and functions that it was made from.
import { simulate } from '../../models/index.ts';
import { drawnBits } from './bits.ts';

async function simulatePlan(): Promise<string> {
  const plan = await fetch('plan.json');
  const outcome = JSON.stringify(simulate(await plan.json()));
  return JSON.stringify({ outcome, bits: drawnBits(), userAgent: navigator.userAgent });
}

const body = await simulatePlan().catch((error: unknown) =>
  JSON.stringify({ error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) }),
);
await fetch('result', { method: 'POST', body });
document.querySelector('#state')!.textContent = body;
