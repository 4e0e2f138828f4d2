// Random small plans of timed dataflow jobs, drawn by fast-check: every topology the untimed world knows, delays and costs
// of the same size as the distance between records, so that everything happens at the same time as everything else.
import fc from 'fast-check';

import { type TopologyName, type TopologyOptions, topologyOf } from '../../../models/dataflow/plans.ts';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import { type Topology, chainsTopology } from '../../../models/dataflow/topology.ts';
import { type Delay, type FlowJobCosts, type FlowJobPlan, RESTART_AT_ONCE } from '../../../models/flow-job/plan.ts';

const delays: fc.Arbitrary<Delay> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), micros: fc.integer({ min: 0, max: 400 }) }),
  fc.record({
    kind: fc.constant('exponential' as const),
    leastMicros: fc.integer({ min: 0, max: 50 }),
    meanMicros: fc.integer({ min: 1, max: 400 }),
  }),
);

const costs: fc.Arbitrary<FlowJobCosts> = fc.record({
  recordBytes: fc.constant(100),
  channelDelay: delays,
  rpcDelay: delays,
  syncMicros: fc.integer({ min: 0, max: 300 }),
  syncMicrosPerMebibyte: fc.constant(0),
  uploadMicros: fc.integer({ min: 0, max: 800 }),
  uploadBytesPerSecond: fc.constant(10_000_000),
  storeMicros: fc.integer({ min: 0, max: 300 }),
  commitMicros: fc.integer({ min: 0, max: 800 }),
  detectionMicros: fc.integer({ min: 0, max: 800 }),
  restartMicros: fc.integer({ min: 0, max: 500 }),
  downloadMicros: fc.integer({ min: 0, max: 300 }),
  downloadBytesPerSecond: fc.constant(10_000_000),
});

/** Plans the protocol can run: cycles, and channels without order, only where it says so. */
export function plansFor(protocol: Protocol): fc.Arbitrary<FlowJobPlan> {
  const names: TopologyName[] = ['chain', 'join', 'diamond'];
  if (protocol.needs.cycles && protocol.needs.durableChannels !== true) names.push('ring');
  return plansOn(protocol, names, (name, options) => topologyOf(name, options), 2);
}

/** Plans of two or three chains, of which a crash restarts one. */
export function regionalPlansFor(protocol: Protocol): fc.Arbitrary<FlowJobPlan> {
  const chains = [2, 3].flatMap((count) => [2, 3].map((tasks) => ({ chains: count, tasks })));
  const shape = (of: (typeof chains)[number], { fifo = true, ...options }: TopologyOptions): Topology => {
    const topology = chainsTopology({ ...of, ...options });
    return { ...topology, channels: topology.channels.map((channel) => ({ ...channel, fifo })) };
  };
  return plansOn(protocol, chains, shape, 3).map((plan) => ({ ...plan, failover: 'region' }));
}

function plansOn<Shape>(
  protocol: Protocol,
  shapes: readonly Shape[],
  topologyFor: (shape: Shape, options: TopologyOptions) => Topology,
  taskMax: number,
): fc.Arbitrary<FlowJobPlan> {
  return fc
    .record({
      shape: fc.constantFrom(...shapes),
      fifo: protocol.needs.fifo ? fc.constant(true) : fc.boolean(),
      sink: fc.constantFrom('plain' as const, 'idempotent' as const, 'two-phase' as const),
      records: fc.integer({ min: 1, max: 12 }),
      capacity: fc.integer({ min: 1, max: 4 }),
      services: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 5, maxLength: 5 }),
      intervalMicros: fc.integer({ min: 1, max: 500 }),
      arrivals: fc.constantFrom('regular' as const, 'poisson' as const),
      costs,
      checkpoints: fc.record({
        intervalMicros: fc.integer({ min: 100, max: 2_500 }),
        timeoutMicros: fc.integer({ min: 300, max: 8_000 }),
        minPauseMicros: fc.integer({ min: 0, max: 1_000 }),
        maxConcurrent: fc.integer({ min: 1, max: 2 }),
        alignedTimeoutMicros: fc.integer({ min: 0, max: 1_200 }),
        // A job that is failed for its checkpoints has no counterpart in the untimed world.
        tolerableFailures: fc.constant(null),
      }),
      crashes: fc.array(
        fc.record({
          target: fc.oneof(fc.nat({ max: taskMax }), fc.constant('coordinator' as const)),
          atMicros: fc.integer({ min: 0, max: 8_000 }),
        }),
        { maxLength: 3 },
      ),
      lostNotifications: fc.constantFrom(0, 0.5),
      failedUploads: fc.constantFrom(0, 0.2),
      seed: fc.nat({ max: 1_000_000 }),
    })
    .map(({ shape, fifo, sink, records, capacity, services, crashes, seed, ...rest }) => {
      const { name: topology, tasks, channels, hops } = topologyFor(shape, { records, sink, capacity, fifo });
      return {
        name: topology,
        seed: String(seed),
        replication: 0,
        horizonMicros: 12_000,
        tasks: tasks.map(({ name, role }, i) => ({
          name,
          role,
          vertex: name,
          serviceMicros: services[i % services.length]!,
          stateBytes: 1_000,
          stateBytesPerRecord: 10,
        })),
        channels,
        capacity: topology === 'ring' ? 4 : capacity,
        routing: 'broadcast' as const,
        hops,
        sink,
        load: { records, intervalMicros: rest.intervalMicros, arrivals: rest.arrivals },
        costs: rest.costs,
        checkpoints: rest.checkpoints,
        restart: RESTART_AT_ONCE,
        faults: {
          crashes,
          mtbfMicros: 0,
          lostNotifications: rest.lostNotifications,
          failedUploads: rest.failedUploads,
        },
      };
    });
}
