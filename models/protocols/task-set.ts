/**
 * A set of tasks as plain data that an explorer can copy, compare and fingerprint: a list of integers, first how many tasks
 * are in it, then a bit for each task. Equal sets are equal lists, whatever the order in which tasks came, and a task is
 * looked up and added in the same time however many there are.
 */
export type TaskSet = number[];

const BITS = 5;

/** None of so many tasks. */
export function noTasks(tasks: number): TaskSet {
  const words = (tasks + (1 << BITS) - 1) >>> BITS;
  const set: TaskSet = [0];
  for (let i = 0; i < words; i++) set.push(0);
  return set;
}

/** How many tasks are in it. */
export function countOf(set: Readonly<TaskSet>): number {
  return set[0]!;
}

export function hasTask(set: Readonly<TaskSet>, task: number): boolean {
  return ((set[1 + (task >>> BITS)]! >>> (task & 31)) & 1) === 1;
}

/** Puts a task in that is not there yet. */
export function addTask(set: TaskSet, task: number): void {
  const word = 1 + (task >>> BITS);
  set[0]! += 1;
  set[word]! |= 1 << (task & 31);
}
