/**
 * Copies of components, taken when a shared one is about to be written. What never changes once it exists (see
 * `components.ts`) is shared by the copies; lists of it are copied, the rest is copied whole.
 */
import { clonePlain } from '../../sim/fingerprint.ts';
import type {
  Application,
  ChannelComponent,
  CoordinatorComponent,
  EnvironmentComponent,
  NetworkComponent,
  OutputComponent,
  StoreComponent,
  TaskComponent,
} from './components.ts';
import type { Backend } from './shared-files.ts';

export function copyEnvironment(from: EnvironmentComponent): EnvironmentComponent {
  return { ...from };
}

export function copyCoordinator({ up, protocol, restored, enumerator }: CoordinatorComponent): CoordinatorComponent {
  return {
    up,
    protocol: clonePlain(protocol),
    restored,
    enumerator: {
      unassigned: enumerator.unassigned.slice(),
      opening: enumerator.opening,
      closedFor: enumerator.closedFor.slice(),
    },
  };
}

export function copyStore(from: StoreComponent): StoreComponent {
  return {
    nextId: from.nextId,
    attempt: from.attempt,
    attempts: from.attempts.slice(),
    parallelism: from.parallelism,
    parts: from.parts.slice(),
    completed: from.completed.slice(),
    files: from.files.slice(),
    everCompleted: from.everCompleted.slice(),
    unknown: from.unknown.slice(),
    savepoints: from.savepoints.slice(),
    splitParts: from.splitParts.slice(),
    lineage: from.lineage,
  };
}

export function copyOutput({ transactions, visible, repeats }: OutputComponent): OutputComponent {
  return {
    transactions: transactions.map(({ task, attempt, checkpoint, status, records }) => ({
      task,
      attempt,
      checkpoint,
      status,
      records: records.slice(),
    })),
    visible: visible.slice(),
    repeats: repeats.slice(),
  };
}

export function copyNetwork({ messages, inFlight }: NetworkComponent): NetworkComponent {
  return { messages: messages.slice(), inFlight: inFlight.slice() };
}

export function copyTask(from: TaskComponent): TaskComponent {
  return {
    up: from.up,
    parts: from.parts.slice(),
    application: copyApplication(from.application),
    blocked: from.blocked.slice(),
    timers: from.timers.slice(),
    suspended: from.suspended,
    protocol: clonePlain(from.protocol),
    backend: copyBackend(from.backend),
  };
}

function copyBackend({ files, uploads, base }: Backend): Backend {
  return { files: files.slice(), uploads: uploads.slice(), base };
}

/** Pairs of pre-committed transactions, and of splits, never change. */
export function copyApplication(from: Application): Application {
  return {
    read: from.read,
    splits: from.splits.slice(),
    seen: from.seen.slice(),
    sent: from.sent.slice(),
    received: from.received.slice(),
    got: from.got.map((numbers) => numbers.slice()),
    transaction: from.transaction,
    pending: from.pending.slice(),
    waiting: from.waiting.slice(),
    armed: from.armed,
  };
}

export function copyChannel({ queue, recovered, log }: ChannelComponent): ChannelComponent {
  return { queue: queue.slice(), recovered, log: log.slice() };
}
