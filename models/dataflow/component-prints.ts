/**
 * Fingerprints of components, field by field in a fixed order. A field that is not written here does not tell states
 * apart: a test changes every field of every component and looks whether its fingerprint notices.
 */
import type { Fingerprint } from '../../sim/explorable.ts';
import { type PrintWriter, fingerprintOf } from '../../sim/fingerprint.ts';
import type {
  Application,
  ChannelComponent,
  Completed,
  CoordinatorComponent,
  Element,
  EnvironmentComponent,
  InFlight,
  Message,
  NetworkComponent,
  OutputComponent,
  Part,
  Savepoint,
  SplitPart,
  StoreComponent,
  TaskComponent,
  Transaction,
} from './components.ts';
import type { Backend, CapturedFile, FileReference, LocalFile, StoredFile, Upload } from './shared-files.ts';

export function writeEnvironment(from: EnvironmentComponent, to: PrintWriter): void {
  to.integers(from.checkpoints, from.crashes);
  to.integers(from.coordinatorCrashes, from.lostNotifications);
  to.integers(from.duplicatedMessages, from.failedUploads);
  to.integers(from.failedCommits, from.timeouts);
  to.integers(from.unknownStores, from.transactionTimeouts);
  to.integers(from.savepoints, from.lostEvents);
  to.integers((from.calm ? 1 : 0) + (from.undetected ? 2 : 0), from.expiredUpTo);
  if (from.rescaled > 0) to.number(from.rescaled);
}

export function writeCoordinator(from: CoordinatorComponent, to: PrintWriter): void {
  to.plain(from.protocol);
  to.integers(from.restored * 2 + (from.up ? 1 : 0), from.enumerator.opening);
  to.list(from.enumerator.unassigned);
  to.list(from.enumerator.closedFor);
}

export function writeStore(from: StoreComponent, to: PrintWriter): void {
  to.integers(from.nextId, from.attempt);
  to.list(from.everCompleted);
  to.list(from.unknown);
  to.number(from.lineage);
  writeEach(from.savepoints, writeSavepoint, to);
  writeEach(from.splitParts, writeSplitPart, to);
  writeEach(from.completed, writeCompleted, to);
  to.number(from.parts.length);
  for (const part of from.parts) to.print(printOfPart(part));
  writeEach(from.files, writeStoredFile, to);
  if (from.parallelism > 0) to.number(from.parallelism);
  if (from.attempts.length > 0) to.list(from.attempts);
}

function writeSplitPart({ checkpoint, unassigned }: SplitPart, to: PrintWriter): void {
  to.number(checkpoint);
  to.list(unassigned);
}

function writeSavepoint({ checkpoint, attempt, stops, status }: Savepoint, to: PrintWriter): void {
  to.integers(checkpoint, attempt);
  to.number(stops ? 1 : 0);
  to.text(status);
}

function writeCompleted({ checkpoint, attempt, files = [] }: Completed, to: PrintWriter): void {
  to.integers(checkpoint, attempt);
  writeEach(files, writeReference, to);
}

function writeStoredFile({ path, key, task, checkpoint, attempt, file }: StoredFile, to: PrintWriter): void {
  to.text(path);
  to.text(key);
  to.integers(checkpoint, attempt);
  to.number(task);
  writeFile(file, to);
}

function writeFile({ name, counts }: LocalFile, to: PrintWriter): void {
  to.number(name);
  to.list(counts);
}

function writeReference({ task, name, key, path }: FileReference, to: PrintWriter): void {
  to.integers(task, name);
  to.text(key);
  to.plain(path);
}

export function writeOutput(from: OutputComponent, to: PrintWriter): void {
  to.list(from.visible);
  to.list(from.repeats);
  writeEach(from.transactions, writeTransaction, to);
}

/** The output without what stands in open transactions: nobody will ever see it. */
export function writeVisible(from: OutputComponent, to: PrintWriter): void {
  to.list(from.visible);
  to.number(from.transactions.length);
  for (const transaction of from.transactions) {
    if (transaction.status === 'open') to.integers(transaction.task, transaction.attempt);
    else writeTransaction(transaction, to);
  }
}

const STATUSES = ['open', 'prepared', 'committed', 'aborted'] as const;

function writeTransaction(from: Transaction, to: PrintWriter): void {
  to.integers(from.task, from.attempt);
  to.integers(from.checkpoint, STATUSES.indexOf(from.status));
  to.list(from.records);
}

export function writeNetwork(from: NetworkComponent, to: PrintWriter): void {
  writeEach(from.messages, writeMessage, to);
  writeInFlight(from.inFlight, to);
}

function writeMessage(from: Message, to: PrintWriter): void {
  to.integers(from.from, from.to);
  to.integers(from.checkpoint, from.attempt);
  to.text(from.name);
  to.number(from.data);
  writeEach(from.files ?? [], writeReference, to);
}

export function writeInFlight(from: readonly InFlight[], to: PrintWriter): void {
  writeEach(from, writeEffect, to);
}

const KINDS = ['upload', 'store', 'commit'] as const;

function writeEffect(from: InFlight, to: PrintWriter): void {
  to.integers(KINDS.indexOf(from.kind), from.task);
  to.integers(from.checkpoint, from.attempt);
  if (from.kind === 'upload') to.print(printOfPart(from.part));
  if (from.kind === 'commit') to.number(from.transaction);
  if (from.kind === 'store') writeEach(from.files ?? [], writeReference, to);
}

export function writeTask(from: TaskComponent, to: PrintWriter): void {
  to.integers(from.up ? 1 : 0, from.parts.length);
  for (const part of from.parts) to.print(printOfPart(part));
  writeApplication(from.application, to);
  to.list(from.blocked);
  writeEach(from.timers, writeText, to);
  to.number(from.suspended);
  to.plain(from.protocol);
  writeBackend(from.backend, to);
}

function writeBackend({ files, uploads, base }: Backend, to: PrintWriter): void {
  to.number(base);
  writeEach(files, writeFile, to);
  writeEach(uploads, writeUpload, to);
}

function writeUpload({ checkpoint, files }: Upload, to: PrintWriter): void {
  to.number(checkpoint);
  writeEach(files, writeReference, to);
}

function writeText(text: string, to: PrintWriter): void {
  to.text(text);
}

function writeApplication(from: Application, to: PrintWriter): void {
  to.integers(from.read, from.armed);
  to.number(from.splits.length);
  for (const [split, read] of from.splits) to.integers(split, read);
  to.list(from.seen);
  to.list(from.sent);
  to.list(from.received);
  to.integers(from.transaction, from.got.length);
  for (const numbers of from.got) to.list(numbers);
  to.number(from.pending.length);
  for (const [checkpoint, transaction] of from.pending) to.integers(checkpoint, transaction);
  writeEach(from.waiting, writeElement, to);
}

export function writeChannel(from: ChannelComponent, to: PrintWriter): void {
  to.number(from.recovered);
  writeEach(from.queue, writeElement, to);
  writeEach(from.log, writeElement, to);
}

/** Every record that was ever appended to a durable channel. */
export function writeLog(from: ChannelComponent, to: PrintWriter): void {
  writeEach(from.log, writeElement, to);
}

function writeElement(from: Element, to: PrintWriter): void {
  if (from.is === 'record') {
    to.integers(from.source, from.seq);
    to.integers(from.n, from.hops);
    to.number(from.tag);
    return;
  }
  to.text(from.name);
  to.integers(from.checkpoint, from.priority ? 1 : 0);
  to.number(from.data);
}

function writeEach<T>(items: readonly T[], write: (item: T, to: PrintWriter) => void, to: PrintWriter): void {
  to.number(items.length);
  for (let i = 0; i < items.length; i++) write(items[i]!, to);
}

/** Parts never change, lie in the store for long, and are large: their fingerprints are kept. */
const prints = new WeakMap<Part, Fingerprint>();

function printOfPart(part: Part): Fingerprint {
  let print = prints.get(part);
  if (print === undefined) {
    print = fingerprintOf(part, writePart);
    prints.set(part, print);
  }
  return print;
}

function writePart(from: Part, to: PrintWriter): void {
  to.integers(from.checkpoint, from.attempt);
  to.integers(from.task, from.channels.length);
  if (from.parallelism > 0) to.number(from.parallelism);
  writeApplication(from.application, to);
  for (const { channel, records } of from.channels) {
    to.number(channel);
    writeEach(records, writeElement, to);
  }
  writeEach(from.files ?? [], writeCapturedFile, to);
}

function writeCapturedFile({ reference, file }: CapturedFile, to: PrintWriter): void {
  writeReference(reference, to);
  writeFile(file, to);
}
