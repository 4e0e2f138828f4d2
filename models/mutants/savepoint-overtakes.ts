/** The barrier of a savepoint is a priority one as well, and no savepoint stores what it has overtaken (FLINK-18252). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { SAVEPOINT_BARRIER } from '../protocols/flink-savepoints.ts';
import { flinkUnaligned } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { overlay, withTask } from './wrap.ts';

export const savepointOvertakes: Mutant = {
  name: 'savepointOvertakes',
  broken: 'barriers of savepoints overtake records, which no savepoint stores',
  seen: ['FLINK-18252'],
  base: flinkUnaligned,
  protocol: withTask(flinkUnaligned, (base) => ({
    message(state, place, name, checkpoint, fx) {
      const first = overlay(fx, { broadcast: (control) => fx.broadcast({ ...control, priority: true }) });
      base.message(state, place, name, checkpoint, name === 'savepoint' ? first : fx);
    },
    control(state, place, input, control, fx) {
      const passedOn = overlay(fx, {
        captureOvertaken() {},
        broadcast: (each) => fx.broadcast({ ...each, data: SAVEPOINT_BARRIER }),
      });
      const isSavepoint = control.name === 'barrier' && control.data === SAVEPOINT_BARRIER;
      base.control(state, place, input, control, isSavepoint ? passedOn : fx);
    },
  })),
  topology: chainTopology(),
  environment: { ...PEACE, savepoints: 1 },
  law: 'C3',
  expected: KILLED,
};
