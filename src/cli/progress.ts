// A bar with count and rate, on a terminal only, and only for what takes longer than 200 ms.
import type { Ora } from 'ora';
import type { Io } from './io.ts';

export interface Bar {
  show(done: number, total: number): void;
  end(): void;
}

const WIDTH = 24;
const PATIENCE_MS = 200;

export async function startBar(io: Io, label: string): Promise<Bar> {
  // A terminal that was made without a size, by ssh -tt or script(1), says 0: ora would count lines without end.
  if (!io.stderr.isTTY || io.stderr.columns === 0)
    return { show: () => undefined, end: () => undefined };
  const { default: ora } = await import('ora');
  const begun = performance.now();
  let spinner: Ora | undefined;
  return {
    show(done, total) {
      const elapsed = performance.now() - begun;
      if (elapsed < PATIENCE_MS) return;
      spinner ??= ora({ stream: io.stderr, discardStdin: false }).start();
      spinner.text = `${label} ${barText(done, total)} ${rate(done, elapsed)}`;
      // Work between two commits holds the event loop, so the frame is drawn here and not by a timer.
      spinner.render();
    },
    end() {
      spinner?.stop();
    },
  };
}

function barText(done: number, total: number): string {
  // A server may tell any numbers.
  const part = total === 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const filled = Math.round(part * WIDTH);
  const count = `${done.toLocaleString('en')}/${total.toLocaleString('en')}`;
  return `[${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${count}`;
}

function rate(done: number, elapsed: number): string {
  return `${Math.round((done / elapsed) * 1000).toLocaleString('en')}/s`;
}
