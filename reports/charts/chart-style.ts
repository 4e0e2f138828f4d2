/** How charts look; colours are those of the space-time diagrams. */
export const CHART_STYLE: string = `
:root{--c1:#2563c9;--c2:#c2570c;--c3:#0f766e;--c4:#7c3aed;--c5:#c81e3a;--c6:#a16207;--c7:#15803d;--c8:#c3cad6}
@media (prefers-color-scheme:dark){:root{--c1:#78a9ff;--c2:#ff9d5c;--c3:#4fc4b5;--c4:#bb9af7;--c5:#ff7088;--c6:#e3b341;--c7:#5fd38a;--c8:#4b5567}}
.tm-chart{display:block;width:100%;height:auto;font:12px system-ui,'DejaVu Sans',sans-serif}
.tm-chart text{fill:var(--ink)}
.tm-chart .tick{fill:var(--dim);font-size:11px}
.tm-chart .label{font-size:11.5px}
.tm-chart .mark{font-size:11px;paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}
.tm-chart .grid{stroke:var(--edge);stroke-width:1;opacity:.6}
.tm-chart .axis{stroke:var(--dim);stroke-width:1}
.tm-chart .marker{stroke:var(--dim);stroke-width:1;stroke-dasharray:2 3}
.tm-chart .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
.tm-chart .dashed{stroke-dasharray:6 4}
.tm-chart .dot{fill:var(--c)}
.tm-chart .hollow{fill:var(--bg);stroke:var(--c);stroke-width:1.6}
.tm-chart .cross{fill:none;stroke:var(--c);stroke-width:2}
.tm-chart .band{fill:var(--c);opacity:.18}
.tm-chart .whisker{stroke:var(--c);stroke-width:1.2}
.tm-chart .area{fill:var(--c)}
.tm-chart .target{fill:transparent}
.tm-chart g:hover>.dot,.tm-chart g:hover>.hollow,.tm-chart rect.area:hover{stroke:var(--ink);stroke-width:1.5}
@media (max-width:520px){.tm-chart .tick,.tm-chart .mark{font-size:13px}.tm-chart .label{font-size:13.5px}}
${[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `.tm-chart .c${n}{--c:var(--c${n})}`).join('\n')}
.key{list-style:none;display:flex;flex-wrap:wrap;gap:2px 14px;margin:4px 0 6px;padding:0;font-size:13px}
.key li{display:flex;align-items:center;gap:6px}
.key svg{width:22px;height:12px;flex:none}
`.trim();
