/**
 * Laws that fewer than two mutants break alone, and why they are kept. In a world in which parts go only with their
 * checkpoint and old attempts change nothing by themselves, these laws speak with another; they name the fault sooner.
 */
export const REDUNDANT_LAWS: Readonly<Record<string, string>> = {
  C1: 'redundant: a missing part is one that cannot be read (D2), one of another attempt has landed against E4; C1 names the task',
  D2: 'redundant: what cannot be read was never complete (C1), was restored incomplete (M1), or lacks a shared file, which S2 misses at the next completion',
  E4: 'redundant: an old effect counts only where another guard is broken too, and that guard has a law',
  E5: 'redundant: what is written into the transaction of another attempt is committed twice (E1); E5 sees it before the commit',
  S3: 'redundant: state that is not with the owner of its key group is lost, doubled (S1), or does not fit the numbers on its channels (C2, C3, C5); S3 names the key group',
  X1: 'asked of whole graphs of states and of equal plans, not of steps: one mutant shows that it bites',
};
