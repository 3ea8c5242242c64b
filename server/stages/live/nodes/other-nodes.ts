import type { VehicleMove } from '../../../stores/positions/store.ts';
import type { NodeMessage } from './node-message.ts';

export interface OtherNodesDeps {
  /** Monotonic milliseconds. */
  readonly wallMillis: () => number;
  /** Vehicles that another node has heard. */
  readonly onMoves: (moves: readonly VehicleMove[]) => void;
  /** Vehicles of a node that is silent: nobody knows where they are now. */
  readonly onCutOff: (vehicleIds: readonly string[]) => void;
  /** A node was not there before, or a message of it was lost: it has to tell all it knows. */
  readonly onGap: () => void;
  /** Another node wants to be told all that this one has heard. */
  readonly onHello: () => void;
  /** Another node has committed something. */
  readonly onCommitted: () => void;
}

interface OtherNode {
  heardAt: number;
  expected: number | null;
  cutOff: boolean;
  readonly vehicles: Set<string>;
}

/** A node that says nothing for so long, where each says something every second, is cut off. */
export const SILENT_MILLIS = 3_000;
/** And after so long it is gone: nothing of it is remembered. */
const GONE_MILLIS = 600_000;

/** What this node knows of the others, from what they say: which are alive, and which vehicles each hears. */
export class OtherNodes {
  private readonly nodes = new Map<string, OtherNode>();
  private readonly ownerOf = new Map<string, string>();
  private readonly deps: OtherNodesDeps;

  constructor(deps: OtherNodesDeps) {
    this.deps = deps;
  }

  take(message: NodeMessage): void {
    const { deps } = this;
    let node = this.nodes.get(message.nodeId);
    const isNew = node === undefined;
    if (node === undefined) {
      node = { heardAt: 0, expected: null, cutOff: false, vehicles: new Set() };
      this.nodes.set(message.nodeId, node);
    }
    const lost = node.expected !== null && node.expected !== message.before;
    node.expected = (message.before + 1) >>> 0;
    node.heardAt = deps.wallMillis();
    // One that comes back tells all: what it told before it fell silent may be old.
    if (isNew || lost || node.cutOff) deps.onGap();
    node.cutOff = false;
    if (message.kind === 'moves') {
      for (const { marker } of message.moves) this.own(message.nodeId, node, marker.vehicleId);
      deps.onMoves(message.moves);
    } else if (message.kind === 'hello') deps.onHello();
    else if (message.kind === 'committed') deps.onCommitted();
    else if (message.kind === 'bye') this.cutOff(node);
  }

  /** This node hears the vehicle itself now. */
  heardHere(vehicleId: string): void {
    const owner = this.ownerOf.get(vehicleId);
    if (owner === undefined) return;
    this.nodes.get(owner)?.vehicles.delete(vehicleId);
    this.ownerOf.delete(vehicleId);
  }

  /** Whether another node hears this vehicle. */
  isElsewhere(vehicleId: string): boolean {
    return this.ownerOf.has(vehicleId);
  }

  /** Looks for nodes that have fallen silent; to be called every second or so. */
  look(): void {
    const now = this.deps.wallMillis();
    for (const [id, node] of this.nodes) {
      const silence = now - node.heardAt;
      if (silence > SILENT_MILLIS && !node.cutOff) this.cutOff(node);
      if (silence <= GONE_MILLIS) continue;
      for (const vehicleId of node.vehicles) this.ownerOf.delete(vehicleId);
      this.nodes.delete(id);
    }
  }

  /** Nodes that are heard at the moment. */
  alive(): number {
    return [...this.nodes.values()].filter(({ cutOff }) => !cutOff).length;
  }

  private cutOff(node: OtherNode): void {
    node.cutOff = true;
    if (node.vehicles.size > 0) this.deps.onCutOff([...node.vehicles]);
  }

  private own(nodeId: string, node: OtherNode, vehicleId: string): void {
    const owner = this.ownerOf.get(vehicleId);
    if (owner === nodeId) return;
    if (owner !== undefined) this.nodes.get(owner)?.vehicles.delete(vehicleId);
    this.ownerOf.set(vehicleId, nodeId);
    node.vehicles.add(vehicleId);
  }
}
