/** How a space-time diagram looks: colours of both schemes, and the mark of each kind of event. Nothing here knows places. */
import type { HistoryEventKind } from '../../models/dataflow/history-data.ts';

/** Style sheet of the picture; it works inside a page and alone. */
export const SVG_STYLE: string = `
.tm-st{--bg:#fff;--ink:#1d2330;--dim:#667085;--rail:#b4bccb;--band:#f3f5f9;--record:#2563c9;--barrier:#c2570c;--marker:#a16207;--rpc:#8a94a6;--upload:#0f766e;--commit:#7c3aed;--cut:#15803d;--bad:#c81e3a;--badband:#fde8ec;--hold:#f0a35e;
font-family:system-ui,'DejaVu Sans',sans-serif;font-size:12px}
@media (prefers-color-scheme:dark){.tm-st{--bg:#14171d;--ink:#e6e9ef;--dim:#98a2b3;--rail:#4b5567;--band:#1c2129;--record:#78a9ff;--barrier:#ff9d5c;--marker:#e3b341;--rpc:#7d889b;--upload:#4fc4b5;--commit:#bb9af7;--cut:#5fd38a;--bad:#ff7088;--badband:#3b1a22;--hold:#8a5a2b}}
.tm-st text{fill:var(--ink)}
.tm-st .dim{fill:var(--dim)}
.tm-st .num{fill:var(--dim);font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:11px}
.tm-st .head{font-weight:600}
.tm-st .title{font-size:14px;font-weight:600}
.tm-st .rail{stroke:var(--rail);stroke-width:1.5}
.tm-st .dead{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:2 4}
.tm-st .hold{stroke:var(--hold);stroke-width:7;stroke-linecap:round;opacity:.55}
.tm-st .grid{stroke:var(--rail);stroke-width:1;opacity:.25}
.tm-st .gap{stroke:var(--bg);stroke-width:7}
.tm-st .attempt{fill:var(--band)}
.tm-st .badband{fill:var(--badband)}
.tm-st .m{fill:none;stroke-width:1.5}
.tm-st .tip{stroke:none}
.tm-st .thin{stroke-width:1;opacity:.75}
.tm-st .faint{stroke-dasharray:3 3}
.tm-st .tag{font-size:10.5px;paint-order:stroke;stroke:var(--bg);stroke-width:3px;stroke-linejoin:round}
.tm-st .cut{fill:none;stroke:var(--cut);stroke-width:2.5;stroke-linejoin:round;opacity:.85}
.tm-st .cut.many{stroke-width:1.5;opacity:.6}
.tm-st .cut.open{stroke-dasharray:6 4;opacity:.6}
.tm-st .guilty{stroke:var(--bad)!important;stroke-width:3!important;opacity:1!important}
.tm-st .tip.guilty{fill:var(--bad)!important;stroke:none!important}
.tm-st .tag.guilty{fill:var(--bad)!important;stroke:var(--bg)!important;font-weight:700;font-size:12px}
.tm-st .ring{fill:none;stroke:var(--bad);stroke-width:2}
.tm-st .bad{fill:var(--bad)}
`.trim();

export interface Mark {
  readonly shape: 'dot' | 'ring' | 'diamond' | 'square' | 'double' | 'cross' | 'triangle';
  readonly colour: string;
  readonly size: number;
  /** For the legend. */
  readonly means: string;
}

export const MARKS: Readonly<Record<HistoryEventKind, Mark>> = {
  emit: { shape: 'dot', colour: '--record', size: 4.5, means: 'record read or processed' },
  receive: { shape: 'dot', colour: '--record', size: 4.5, means: 'record read or processed' },
  process: { shape: 'dot', colour: '--record', size: 4.5, means: 'record read or processed' },
  control: { shape: 'diamond', colour: '--barrier', size: 5, means: 'barrier or marker arrives' },
  message: { shape: 'ring', colour: '--dim', size: 3.5, means: 'message arrives' },
  snapshot: { shape: 'square', colour: '--cut', size: 5, means: 'snapshot' },
  stored: { shape: 'ring', colour: '--upload', size: 3.5, means: 'durable' },
  complete: { shape: 'double', colour: '--cut', size: 6, means: 'checkpoint complete' },
  heard: { shape: 'ring', colour: '--dim', size: 3.5, means: 'message arrives' },
  step: { shape: 'ring', colour: '--dim', size: 3.5, means: 'commit step done' },
  visible: { shape: 'dot', colour: '--commit', size: 4.5, means: 'output visible' },
  aborted: { shape: 'ring', colour: '--commit', size: 4.5, means: 'output aborted' },
  crash: { shape: 'cross', colour: '--bad', size: 7, means: 'crash' },
  restart: { shape: 'triangle', colour: '--ink', size: 5.5, means: 'start' },
  lost: { shape: 'cross', colour: '--dim', size: 4, means: 'lost or failed' },
  failed: { shape: 'cross', colour: '--dim', size: 4, means: 'lost or failed' },
  expired: { shape: 'cross', colour: '--dim', size: 4, means: 'lost or failed' },
  calm: { shape: 'ring', colour: '--cut', size: 3.5, means: 'calm begins' },
};
