/**
 * Defects that were seen in Flink, as scenarios that ship with Tidemark; their files lie in flink/. A scenario is named for
 * the issue that tells most, and found under the others as well.
 */

export interface FlinkEntry {
  readonly name: string;
  readonly topic: 'flink';
  /** Path below scenarios/. */
  readonly file: string;
  /** Further issues of the same mechanism. */
  readonly also: readonly string[];
}

/** Issue to further issues, in the order of engines.md §6: what is stored, who coordinates, barriers, sinks. */
const issues: Readonly<Record<string, readonly string[]>> = {
  'FLINK-24611': [],
  'FLINK-25395': [],
  'FLINK-21351': ['FLINK-26985'],
  'FLINK-29913': [],
  'FLINK-30461': [],
  'FLINK-26101': [],
  'FLINK-28843': [],
  'FLINK-17988': [],
  'FLINK-22502': [],
  'FLINK-22494': ['FLINK-28265'],
  'FLINK-31077': [],
  'FLINK-35217': [],
  'FLINK-17073': [],
  'FLINK-18238': [],
  'FLINK-5285': ['FLINK-18063'],
  'FLINK-18336': [],
  'FLINK-20675': [],
  'FLINK-24344': ['FLINK-23189'],
  'FLINK-27570': [],
  'FLINK-32347': [],
  'FLINK-22003': ['FLINK-26650'],
  'FLINK-20672': [],
  'FLINK-32514': [],
  'tick-backlog': [],
  'FLINK-32655': [],
  'FLINK-21996': [],
  'FLINK-21080': [],
  'FLINK-23471': [],
  'FLINK-17568': [],
  'FLINK-18252': [],
  'FLINK-20097': [],
  'FLINK-21104': [],
  'FLINK-20654': [],
  'FLINK-28474': ['FLINK-26803'],
  'FLINK-22596': [],
  'FLINK-27251': [],
  'FLINK-33693': [],
  'FLINK-38930': ['FLINK-40518'],
  'FLINK-31963': [],
  'FLINK-22815': [],
  'FLINK-16404': [],
  'FLINK-24846': [],
  'FLINK-36287': [],
  'FLINK-24773': ['FLINK-23896'],
  'FLINK-9295': ['FLINK-7978', 'FLINK-8132'],
  'FLINK-23854': ['FLINK-6988'],
  'FLINK-26783': [],
};

/** All shipped scenarios of defects. */
export const flinkCatalog: readonly FlinkEntry[] = Object.entries(issues).map(([name, also]) => ({
  name,
  topic: 'flink',
  file: `flink/${name}.yaml`,
  also,
}));

/** The entry of that name, or of an issue it covers as well; upper and lower case are one. */
export function flinkEntry(name: string): FlinkEntry | undefined {
  const wanted = name.toUpperCase();
  return flinkCatalog.find((entry) => [entry.name, ...entry.also].some((each) => each.toUpperCase() === wanted));
}
