/** For a test suite: checks a protocol and throws when it does not hold, with the whole story as the message. */
import { type CheckOptions, type CheckResult, check } from '../models/dataflow/check.ts';
import { ProtocolError, guarded, protocolProblem } from '../models/dataflow/guard.ts';
import { topologiesFor } from '../models/dataflow/plans.ts';
import { assertSteady } from '../models/dataflow/steady.ts';
import { subjectOf } from '../models/dataflow/subject.ts';
import type { Protocol } from '../models/dataflow/protocol.ts';
import { type CheckContext, checkReport } from './check.ts';
import { plain } from './style.ts';

/** The protocol broke a law, or the check proves nothing; the message is the report. */
export class ProtocolViolation extends Error {
  override readonly name: string = 'ProtocolViolation';
  readonly result: CheckResult;

  constructor(message: string, result: CheckResult) {
    super(message);
    this.result = result;
  }
}

/** Random runs of a test, which should end within a second or two. */
const TEST_RUNS = 1000;

/**
 * Checks the protocol on random jobs, faults and orders of events; 1000 runs unless given. Returns when no law broke and
 * enough was reached; throws ProtocolViolation otherwise, and ProtocolError when a handler breaks the rules.
 */
export function checkProtocol(protocol: Protocol, options: CheckOptions = {}): CheckResult {
  const problem = protocolProblem(protocol);
  if (problem !== null) throw new ProtocolError(`this is not a protocol: ${problem}`);
  const watched = guarded(protocol);
  assertSteady(subjectOf(watched));
  const result = check(watched, { runs: TEST_RUNS, ...options });
  if (result.verdict === 'holds') return result;
  const context: CheckContext = {
    version: null,
    subject: protocol.name,
    topologies: options.topology === undefined ? topologiesFor(protocol) : [options.topology],
    command: null,
    saved: null,
    saveAs: null,
    scenario: null,
  };
  throw new ProtocolViolation(checkReport(result, context, plain).trimEnd(), result);
}
