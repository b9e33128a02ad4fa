import { describe, expect, it } from 'vitest';
import { EventHub } from '../../../../src-main/core/jobs/event-hub.ts';

interface State {
  thing: string;
  value: number;
}

describe('EventHub', () => {
  it('gives a slow listener the newest state of each thing, not a backlog', async () => {
    const hub = new EventHub<State>((event) => event.thing);
    const stream = hub.stream();
    const first = stream.next();
    hub.emit({ thing: 'run', value: 0 });
    expect((await first).value).toEqual({ thing: 'run', value: 0 });
    for (let value = 1; value <= 1000; value++) hub.emit({ thing: 'run', value });
    hub.emit({ thing: 'import', value: 5 });
    expect((await stream.next()).value).toEqual({ thing: 'run', value: 1000 });
    expect((await stream.next()).value).toEqual({ thing: 'import', value: 5 });
  });

  it('ends when the listener goes away, even while waiting', async () => {
    const hub = new EventHub<State>((event) => event.thing);
    const gone = new AbortController();
    const waiting = hub.stream(gone.signal).next();
    gone.abort();
    expect((await waiting).done).toBe(true);
  });
});
