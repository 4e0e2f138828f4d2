/**
 * One worker of a check: loads the protocol once, then takes parts of rounds until it is terminated. It keeps what it found, since
 * that grows with the check; an answer holds what ends one.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { checkShard, concludeCheck, withoutReach } from '../../models/dataflow/check.ts';
import { UsageError } from '../exit.ts';
import { asUsage, loadSubject } from '../protocol-source.ts';
import { CheckGathering } from './check-gathering.ts';
import type { CheckAnswer, CheckQuestion, CheckTask } from './check-pool.ts';

const { protocol, options } = workerData as CheckTask;

const post = (answer: CheckAnswer): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port has no origin
  parentPort?.postMessage(answer);
};

async function answer(question: CheckQuestion): Promise<CheckAnswer> {
  const subject = await loaded;
  switch (question.kind) {
    case 'shard': {
      gathering.settle(question.settled);
      const findings = checkShard(subject, options, question);
      if (findings !== undefined) gathering.add(question.round.to, findings);
      return { kind: 'findings', findings: findings === undefined ? undefined : withoutReach(findings) };
    }
    case 'gather':
      gathering.settle(question.settled);
      return { kind: 'findings', findings: gathering.all() };
    case 'conclude':
      return { kind: 'result', result: concludeCheck(subject, options, question.findings) };
  }
}

const loaded = loadSubject(protocol);
const gathering = new CheckGathering();

parentPort?.on('message', (question: CheckQuestion) => {
  answer(question).then(post, (error: unknown) => {
    const known = asUsage(protocol, error);
    // Errors lose their class on the way to the other thread, so those that mean something travel as data.
    if (known instanceof UsageError) post({ kind: 'mistake', message: known.message });
    else post({ kind: 'failure', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});
