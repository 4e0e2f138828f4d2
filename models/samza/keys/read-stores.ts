/** What the keys say about each store: engine, changelog, cache, and where its state is backed up. */
import type { StoreConfig } from '../config.ts';
import { KAFKA_BACKEND } from './table.ts';
import { flagOf, integerOf, type Known, microsOf, type Report, splitNames, type Values } from './values.ts';

export function readStores(values: Values, report: Report): readonly StoreConfig[] {
  const named = new Map<string, Known>();
  const touched = new Map<string, Known>();
  for (const entry of values.values()) {
    const store = entry.spec.pattern.startsWith('stores.X.') ? entry.names[0] : undefined;
    if (store === undefined) continue;
    if (!touched.has(store)) touched.set(store, entry);
    if (entry.spec.pattern === 'stores.X.factory') named.set(store, entry);
  }
  for (const [store, entry] of touched) {
    if (named.has(store)) continue;
    const message = `has no effect: without stores.${store}.factory Samza does not create the store`;
    report.warnings.push({ line: entry.line, key: entry.key, message });
  }
  return [...named].map(([store, factory]) => readStore(store, factory, values, report));
}

function readStore(store: string, factory: Known, values: Values, report: Report): StoreConfig {
  const own = (rest: string): string => `stores.${store}.${rest}`;
  const inMemory = factory.value.includes('InMemory');
  if (!inMemory && !factory.value.includes('RocksDb')) {
    const message = `is simulated as RocksDB: ${factory.value} is not one of Samza’s own storage engines`;
    report.warnings.push({ line: factory.line, key: factory.key, message });
  }
  const changelog = (values.get(own('changelog'))?.value ?? '') !== '';
  const writeBatchSize = integerOf(values, own('write.batch.size'));
  const cache = values.get(own('object.cache.size'));
  const objectCacheSize = cache === undefined ? Math.max(writeBatchSize, 1000) : Number(cache.value);
  if (cache !== undefined && objectCacheSize > 0 && objectCacheSize < writeBatchSize) {
    report.errors.push({
      line: cache.line,
      key: cache.key,
      message: `is ${objectCacheSize}, smaller than ${own('write.batch.size')} (${writeBatchSize}); Samza refuses that at start`,
      remedy: `set ${own('write.batch.size')} to ${objectCacheSize} or less, or the cache size to 0`,
    });
  }
  const lag = values.get(own('changelog.min.compaction.lag.ms')) ? own('changelog.min.compaction.lag.ms') : null;
  return {
    name: store,
    persistent: !inMemory,
    changelog,
    blob: readBackends(store, inMemory, values, report),
    writeBatchSize,
    objectCacheSize,
    walEnabled: flagOf(values, own('rocksdb.wal.enabled')),
    cleanOnContainerStart: flagOf(values, own('clean.on.container.start')),
    minCompactionLagMicros: microsOf(values, lag ?? 'stores.default.changelog.min.compaction.lag.ms'),
    deleteRetentionMicros: microsOf(values, own('changelog.delete.retention.ms')),
  };
}

/**
 * Whether the store comes back from a blob store. Restore factories must be among the backup factories; the simulator
 * has one backend per store, the one that a restore tries first.
 */
function readBackends(store: string, inMemory: boolean, values: Values, report: Report): boolean {
  const entryOf = (which: 'backup' | 'restore'): Known | undefined =>
    values.get(`stores.${store}.${which}.factories`) ?? values.get(`stores.${which}.factories`);
  const backupEntry = entryOf('backup');
  const restoreEntry = entryOf('restore');
  const backup = splitNames(backupEntry?.value ?? KAFKA_BACKEND);
  const restore = splitNames(restoreEntry?.value ?? '');
  for (const factory of restore) {
    if (restoreEntry === undefined || backup.includes(factory)) continue;
    report.errors.push({
      line: restoreEntry.line,
      key: restoreEntry.key,
      message: `names ${factory}, which is not among the backup factories of store ${store} (${backup.join(', ')})`,
      remedy: `add it to stores.${store}.backup.factories, or restore from one that is backed up`,
    });
  }
  if (backupEntry === undefined || !backup.some(isBlob)) return false;
  const [first] = restore;
  const [blob, why] = inMemory
    ? [false, 'does nothing: only persistent stores are uploaded to a blob store']
    : first === undefined || !restore.some(isBlob)
      ? [false, `uploads what is never restored: stores.${store}.restore.factories names no blob store`]
      : !isBlob(first)
        ? [false, 'is simulated without its blob store: the changelog comes first at a restore']
        : backup.every(isBlob)
          ? [true, null]
          : [true, 'is simulated without its changelog: the blob store comes first at a restore'];
  if (why !== null)
    report.warnings.push({ line: backupEntry.line, key: backupEntry.key, message: `of store ${store} ${why}` });
  return blob;
}

function isBlob(factory: string): boolean {
  return factory.includes('Blob');
}
