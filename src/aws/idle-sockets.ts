import type { Agent } from 'node:http';

/** Open sockets to all hosts together, for each that one host may have: most of them wait for their host's next cell. */
const openPerSocket = 4;

/**
 * Makes room before `more` sockets are opened. Node bounds the sockets of a host, and a run talks to hundreds of hosts:
 * those of the host with the most idle sockets go first, the oldest of them.
 */
export function closeIdle(agent: Agent, more: number): void {
  const idle = Object.values(agent.freeSockets).map((sockets = []) => sockets.filter(({ destroyed }) => !destroyed));
  const busy = Object.values(agent.sockets).reduce((sum, sockets = []) => sum + sockets.length, 0);
  let open = idle.reduce((sum, sockets) => sum + sockets.length, busy) + more;
  while (open > agent.maxSockets * openPerSocket) {
    const most = idle.reduce<(typeof idle)[number]>((one, other) => (other.length > one.length ? other : one), []);
    const oldest = most.shift();
    if (oldest === undefined) return;
    oldest.destroy();
    open -= 1;
  }
}
