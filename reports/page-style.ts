/** The style sheet that the pages have in common, light and dark, so that they belong together. */
export const PAGE_STYLE: string = `
:root{color-scheme:light dark;--bg:#fff;--ink:#1d2330;--dim:#667085;--edge:#d5dae3;--bad:#c81e3a;--badband:#fde8ec;--cut:#15803d;--soft:#f3f5f9}
@media (prefers-color-scheme:dark){:root{--bg:#14171d;--ink:#e6e9ef;--dim:#98a2b3;--edge:#333b48;--bad:#ff7088;--badband:#3b1a22;--cut:#5fd38a;--soft:#1c2129}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,'DejaVu Sans',sans-serif}
main{max-width:1800px;margin:0 auto;padding:16px}
h1{font-size:20px;margin:0 0 8px}
h2{font-size:16px;margin:24px 0 8px}
.verdict{margin:8px 0;padding:8px 12px;background:var(--badband);border-left:4px solid var(--bad);max-width:80ch}
.verdict strong{color:var(--bad)}
.quiet{color:var(--dim);max-width:80ch}
a{color:inherit}
pre{overflow-x:auto;background:var(--soft);padding:10px 12px;border-radius:6px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:13px}
caption{text-align:left;color:var(--dim);padding-bottom:6px}
th,td{text-align:left;padding:2px 10px 2px 0;border-bottom:1px solid var(--edge);vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums;color:var(--dim)}
tr.bad td{background:var(--badband)}
footer{margin-top:24px;color:var(--dim);font-size:13px}
`.trim();
