/**
 * What a broken law of a dataflow path means, in plain sentences: which record, which channel, which barrier, at which
 * step, and last why that contradicts what the law promises. The facts name the guilty; the history knows when they did what.
 */
import type { History, HistoryMessage } from '../../models/dataflow/history-data.ts';

type Facts = Readonly<Record<string, string | number>>;

/** Sentences for the law, or none: the caller then shows its statement and facts. */
export function flowStory(history: History): readonly string[] {
  const { violation } = history;
  if (violation === null) return [];
  const tell = stories[violation.law];
  const sentences = tell?.(history, violation.facts).filter((sentence) => sentence !== '') ?? [];
  // A law that has learnt to state other facts than its story knows: better the facts than a sentence with holes.
  return sentences.some((sentence) => /\bundefined\b/.test(sentence)) ? [] : sentences;
}

const stories: Readonly<Record<string, (history: History, facts: Facts) => string[]>> = {
  C1: (_, { checkpoint, task, part }) => [
    `Checkpoint ${checkpoint} was declared complete, but the part of ${task} is ${part === 'missing' ? 'not in the store' : part}.`,
    'A restart from it finds no state for that task, or one that belongs to another run of the job: it is no snapshot of the whole.',
  ],
  C2: orphan,
  C3: (history, facts) => (facts['split'] === undefined ? lostMessage(history, facts) : misplacedSplit(facts)),
  C4: (_, { checkpoint, source, offset, sent }) => [
    `In its part of checkpoint ${checkpoint}, ${source} stored offset ${offset}, but it had sent ${sent} records on one of its outputs.`,
    'After a restore it reads on from the offset, so the records between the two are sent twice or never: the offset is not part of the same cut.',
  ],
  C5: (history, { channel, number, expected }) => [
    `On ${channel}, ${nameOf(history) ?? `record number ${number}`} was delivered as number ${number}, when number ${expected} was due.`,
    'A FIFO channel delivers what was sent, in that order, without gap or repeat. Offsets, counters and barriers all rest on that.',
  ],
  D1: (history, { checkpoint, task, message, file }) =>
    message === 'ack' && file !== undefined
      ? [
          `${task} acknowledged its part of checkpoint ${checkpoint}, which refers to the shared file ${file}, and that file is not in the store.`,
          'The coordinator registers it, the checkpoint completes, and cannot be restored.',
        ]
      : message === 'ack'
        ? [
            `${task} acknowledged its part of checkpoint ${checkpoint}${atStep(history, sent(history, `ack ${checkpoint}`)?.from)} while that part was not in the store yet.`,
            `If ${task} dies before the upload ends, the coordinator counts on a part that will never be there: the checkpoint completes, and cannot be restored.`,
            'Nothing may be acknowledged before everything it rests on is durable.',
          ]
        : [
            `${task} is told that checkpoint ${checkpoint} is complete, and its completion is not in the store yet.`,
            'If the coordinator dies now, the restart takes an older checkpoint, while the sink has already made the newer outputs visible.',
          ],
  D2: (_, { checkpoint, task, file }) =>
    file === undefined
      ? [
          `Checkpoint ${checkpoint} is the newest complete one, and the part of ${task} is not in the store any more.`,
          'The next restart takes it, and finds nothing to restore that task from.',
        ]
      : [
          `Checkpoint ${checkpoint} is complete and retained, it refers to the shared file ${file}, and that file is not in the store any more.`,
          'A restart from it lacks what the file held: a checkpoint is as good as the files it shares with others.',
        ],
  D3: (_, { checkpoint, task, retained, limit, key, file, other }) =>
    key !== undefined
      ? [
          `${task} uploaded ${file} under the key ${key}, which stands for ${other} already, and the two hold different things.`,
          'The registry knows files by their keys: it keeps the first and throws the second away, and a checkpoint that needs the second gets the first.',
        ]
      : file !== undefined
        ? [
            `The shared file ${file}, uploaded for checkpoint ${checkpoint}, lies in the store at the end, and no retained checkpoint refers to it.`,
            'Nobody will ever delete it: the store grows.',
          ]
        : retained === undefined
          ? [
              `The part of ${task} of checkpoint ${checkpoint} lies in the store at the end, and no retained checkpoint needs it.`,
              'Nobody will ever delete it: the store grows with each checkpoint that is given up.',
            ]
          : [
              `Checkpoints ${retained} are all retained at the end, though ${limit} at most are to be kept.`,
              'Nobody will ever delete the older ones: the store grows with each checkpoint.',
            ],
  E1: (history, { record, visible, expected }) => [
    `${nameOf(history) ?? record} is visible ${visible} times to a committed reader of the output; ${expected} would be right.`,
    ...visibleAt(history),
    ...restarts(history),
    ...splits(history),
    'The sink promises that each effect is visible once at most: contradiction.',
  ],
  E2: (history, { record, visible, expected }) => [
    `${nameOf(history) ?? record} lies before the cut of the last checkpoint, and its output is visible ${visible} times instead of ${expected}.`,
    ...restarts(history),
    'No restart will go back behind that checkpoint, so nobody will produce it again.',
  ],
  E3: (_, { transaction, checkpoint, task }) => [
    `Transaction t${transaction} of ${task} is committed, but it belongs to checkpoint ${checkpoint}, which is not complete.`,
    'After a failure now the job goes back to an older checkpoint and produces these outputs again, while readers have them already.',
  ],
  E4: (_, { effect, task, of_attempt, transaction, checkpoint }) => [
    `${effect === 'commit' ? 'A commit' : effect === 'upload' ? 'An upload' : 'A write'} of ${task} was under way when attempt ${of_attempt} died. It landed now, in a later attempt, and changed ${
      transaction === undefined
        ? `what is stored of checkpoint ${checkpoint}`
        : `transaction t${transaction}, which had been aborted`
    }.`,
    'A successor must be able to rely on what it found; what its dead predecessor left behind has to be fenced off.',
  ],
  E5: (_, { transaction, status, opened_by, in_attempt, written_in }) => [
    `A record was written into transaction t${transaction}, which ${opened_by} opened in attempt ${in_attempt} and which is ${status}; the writer belongs to attempt ${written_in}.`,
    'A transaction id names one content. If two attempts write under one id, a commit that is repeated makes other records visible than the first.',
  ],
  S2: (_, { checkpoint, task, received, counted, waiting, armed }) => [
    `In its part of checkpoint ${checkpoint}, ${task} has received ${received} records, counted ${counted} of them and keeps ${waiting}, with ${armed} timers or requests that will process one each.`,
    'A record that is neither counted nor waiting with somebody to process it is lost after a restore, and nobody sends it again.',
  ],
  M2: (_, { message, checkpoint, task, of_attempt, attempt, pending, limit }) =>
    message === undefined
      ? [
          `Checkpoints ${pending} are under way at once; the limit is ${limit}.`,
          'Each of them holds buffers, store requests and slots that the limit is there to bound.',
        ]
      : [
          `${message} ${checkpoint} of ${task}, sent in attempt ${of_attempt}, was counted in attempt ${attempt}.`,
          'The part it speaks of belongs to another run of the task: a checkpoint that counts it mixes two cuts.',
        ],
  S1: (history, { task, record, counted, expected }) => [
    `In the end ${task} has counted ${nameOf(history) ?? record} ${counted} times; in a run without failures it is ${expected}.`,
    ...restarts(history),
    ...splits(history),
    Number(counted) > Number(expected)
      ? 'The restored state contained the record, and it was sent again all the same: state is not exactly-once.'
      : 'The record was taken for processed, so nobody sent it again, and the restored state lacks it.',
  ],
  S3: (history, { key_group, task, record, where, restored, expected, checkpoint }) => [
    `After the restart from checkpoint ${checkpoint}, ${task} has ${nameOf(history) ?? record} of key group ${key_group} ${restored} times (${where}); it should be ${expected}.`,
    Number(restored) > Number(expected)
      ? 'Records of that group go to another subtask: what lies here as well is counted twice, or never read again.'
      : 'Records of that group go to this subtask, and nobody sends it again what the checkpoint had of them.',
  ],
  M1: (_, { checkpoint, restored, newest }) =>
    checkpoint === undefined
      ? [
          `The restart took checkpoint ${restored}, though checkpoint ${newest} had been completed.`,
          'What sinks committed up to the newer one is produced again from the older one.',
        ]
      : [`Checkpoint id ${checkpoint} was used twice: parts of two different cuts share one name in the store.`],
  L1: (_, { calm_checkpoint, newest_completed, pending, blocked }) => [
    `After the last fault the coordinator began checkpoint ${calm_checkpoint}, and it never completed; the newest complete one is ${newest_completed}.`,
    `Still pending: ${pending}; inputs held back at: ${blocked}. Nothing is left to happen that could change it.`,
  ],
  L2: (_, { task, blocked, pending }) => [
    task === undefined
      ? `At the end checkpoint ${pending} is still pending: its slot is taken for ever.`
      : `At the end ${task} still holds back ${blocked}, and nothing is left to happen that could release it.`,
    'Everything that could happen has happened: an input that is held back, or a slot that is taken, stays so for ever.',
  ],
  L3: (_, { channel, elements, transaction, of_attempt, split }) => [
    split !== undefined
      ? `At the end split ${split} has not been handed to any source, and nobody will do so.`
      : channel === undefined
        ? `At the end transaction t${transaction} of attempt ${of_attempt} is still open: a reader of committed records waits there.`
        : `At the end ${elements} elements still lie in ${channel}, and nobody takes them.`,
    'Nothing is left to happen that could change it, and in calm everything must drain.',
  ],
};

function orphan(history: History, { checkpoint, channel, sent_before_cut }: Facts): string[] {
  const guilty = guiltyMessage(history);
  if (guilty === undefined) return [];
  const { receiver, sender, record } = partiesOf(history, guilty);
  const read = guilty.to;
  const own = cutOf(history, checkpoint, guilty.toLine);
  const barrier = barrierOn(history, channel, checkpoint);
  const isCaptured = read === null || (own !== undefined && read > own);
  return [
    isCaptured
      ? `${receiver} has ${record} in the channel state of its part of checkpoint ${checkpoint}.`
      : `${receiver} has ${record} in its part of checkpoint ${checkpoint}: it processed it${atStep(history, read)}, before it took the part${atStep(history, own)}.`,
    `${sender} sent ${record}${atStep(history, guilty.from)}, after its own part${atStep(history, cutOf(history, checkpoint, lineOf(history, guilty.from)))}, which says that it had sent ${sent_before_cut === 0 ? 'nothing' : `${sent_before_cut} records`} on ${channel}.`,
    `So after a restore ${sender} sends ${record} again, and ${receiver} counts it twice: contradiction with exactly-once.`,
    barrier?.to === null || barrier === undefined || read === null || barrier.to > read
      ? ''
      : `Cause: the barrier on ${channel} arrived${atStep(history, barrier.to)}, and ${receiver} went on to process what came behind it.`,
  ];
}

function misplacedSplit({ checkpoint, split, held_by: holders }: Facts): string[] {
  const isLost = holders === 'nobody';
  return [
    isLost
      ? `Split ${split} is in no part of checkpoint ${checkpoint}: the enumerator had handed it out, and no source had it yet.`
      : `Split ${split} is in more than one part of checkpoint ${checkpoint}: ${holders}.`,
    isLost
      ? 'After a restart from it nobody reads that split, and nobody hands it out again.'
      : 'After a restart from it that split is read more than once.',
  ];
}

function lostMessage(history: History, { checkpoint, channel, lost, due, captured }: Facts): string[] {
  const guilty = guiltyMessage(history);
  if (typeof lost !== 'number' || guilty === undefined) {
    return [
      `On ${channel} the cut of checkpoint ${checkpoint} leaves records ${due} in flight, and the channel state holds ${captured}.`,
      'After a restore the receiver gets records that it has already, or in another order.',
    ];
  }
  const { receiver, sender, record } = partiesOf(history, guilty);
  const own = cutOf(history, checkpoint, guilty.toLine);
  const barrier = barrierOn(history, channel, checkpoint);
  const early = own !== undefined && barrier !== undefined && (barrier.to === null || barrier.to > own);
  return [
    `${sender} sent ${record} on ${channel}${atStep(history, guilty.from)}, before it took its part of checkpoint ${checkpoint}${atStep(history, cutOf(history, checkpoint, lineOf(history, guilty.from)))}.`,
    `${receiver} took its part${atStep(history, own)}, and had not processed ${record} by then; nobody stored it as channel state either.`,
    `So after a restore ${sender} does not send ${record} again, and ${receiver} never counts it: contradiction with exactly-once.`,
    early ? `Cause: ${receiver} took its part before the barrier on ${channel} had come.` : '',
  ];
}

function guiltyMessage({ violation, messages }: History): HistoryMessage | undefined {
  return messages[violation?.messages.at(-1) ?? -1];
}

function partiesOf(
  history: History,
  message: HistoryMessage,
): { readonly receiver: string; readonly sender: string; readonly record: string } {
  return {
    receiver: history.lines[message.toLine]!.name,
    sender: history.lines[lineOf(history, message.from)]!.name,
    record: message.record ?? message.label,
  };
}

const lineOf = (history: History, event: number): number => history.events[event - 1]!.line;

function cutOf(history: History, checkpoint: string | number | undefined, line: number): number | undefined {
  return history.cuts.find((cut) => cut.checkpoint === checkpoint)?.points.find((point) => point.line === line)?.event;
}

function barrierOn(
  { messages }: History,
  channel: string | number | undefined,
  checkpoint: string | number | undefined,
): HistoryMessage | undefined {
  return messages.find(
    (each) =>
      (each.kind === 'barrier' || each.kind === 'marker') && each.channel === channel && each.checkpoint === checkpoint,
  );
}

function sent({ messages }: History, label: string): HistoryMessage | undefined {
  return messages.findLast((each) => each.kind === 'rpc' && each.label === label);
}

/** ` (step 12)`, or nothing when the event is not known. */
function atStep(history: History, event: number | null | undefined): string {
  return event === null || event === undefined ? '' : ` (step ${history.events[event - 1]!.step})`;
}

function nameOf({ violation }: History): string | null {
  return violation?.records[0] ?? null;
}

function visibleAt(history: History): string[] {
  const name = nameOf(history);
  const steps = history.events
    .filter((event) => event.kind === 'visible' && name !== null && event.label.split(/[ ,]/).includes(name))
    .map((event) => String(event.step));
  return steps.length < 2 ? [] : [`It became visible at steps ${steps.join(', ')}.`];
}

function restarts(history: History): string[] {
  return history.attempts.map(
    ({ attempt, event, restored }) =>
      `Attempt ${attempt} began at step ${history.events[event - 1]!.step}, from ${restored === 0 ? 'the beginning' : `checkpoint ${restored}`}.`,
  );
}

/** Where a checkpoint that was restored cuts the record's way in two: known in one part, unknown in another. */
function splits(history: History): string[] {
  const name = nameOf(history);
  return history.attempts.flatMap(({ restored }) => {
    const cut = history.cuts.find(({ checkpoint }) => checkpoint === restored);
    const met = history.events.filter(({ record, kind }) => record === name && (kind === 'emit' || kind === 'receive'));
    const sides = (cut?.points ?? []).flatMap(({ line, event }) => {
      const first = met.find((each) => each.line === line);
      return first === undefined ? [] : [{ line, event, met: first.n, isIn: first.n < event }];
    });
    const inside = sides.find(({ isIn }) => isIn);
    const outside = sides.find(({ isIn }) => !isIn);
    if (inside === undefined || outside === undefined || name === null) return [];
    const tell = ({ line, event, met, isIn }: typeof inside): string =>
      `${history.lines[line]!.name} met ${name}${atStep(history, met)} ${isIn ? 'before' : 'after'} its part${atStep(history, event)}`;
    return [`Checkpoint ${restored} cuts its way in two: ${tell(outside)}, ${tell(inside)}.`];
  });
}
