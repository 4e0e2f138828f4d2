/** How a job's clocks are read and its time is booked. Mutants deviate from these rules; nothing else does. */
export interface MeterRules {
  /** The alignment of a task runs from the first barrier of the checkpoint there to the last (engines.md §2.6). */
  readonly alignmentFrom: 'first-barrier' | 'trigger';
  /** An upload runs beside the task and is nobody's time, or it is booked as blocked time as well. */
  readonly uploads: 'beside' | 'blocked-too';
  /** Work on records that an attempt before has read is replay, or counts as useful. */
  readonly rereads: 'replay' | 'useful';
}

export const METER: MeterRules = { alignmentFrom: 'first-barrier', uploads: 'beside', rereads: 'replay' };
