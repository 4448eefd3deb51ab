/** One stylesheet for all sign-in pages: served from our own origin, since the pages allow nothing inline. */
export const STYLE = `:root{color-scheme:light dark;--ink:#1d2330;--soft:#566074;--ground:#f6f7f9;--card:#fff;--line:#c9cfda;--act:#1f4fd1;--on-act:#fff;--bad:#a3201d}
@media (prefers-color-scheme:dark){:root{--ink:#eef0f4;--soft:#aab3c4;--ground:#12151c;--card:#1b202b;--line:#3d4658;--act:#8fb0ff;--on-act:#0d1220;--bad:#ff9a94}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:27rem;margin:0 auto;padding:12vh 1rem 3rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.75rem}
.vendor{margin:0 0 1rem;font-weight:600;color:var(--soft)}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25;text-wrap:balance}
h2{margin:1.75rem 0 .5rem;font-size:1rem}
p{margin:0 0 1rem;overflow-wrap:anywhere}
.soft{color:var(--soft);font-size:.9375rem}
.bad{color:var(--bad)}
label{display:block;margin-bottom:.375rem;font-weight:600}
input{width:100%;min-height:2.75rem;padding:.5rem .75rem;border:1px solid var(--soft);border-radius:.5rem;background:var(--card);color:var(--ink);font:inherit}
button,.button{display:inline-block;width:100%;min-height:2.75rem;margin-top:.75rem;padding:.5rem 1rem;border:1px solid var(--act);border-radius:.5rem;background:var(--act);color:var(--on-act);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button.quiet{background:transparent;color:var(--act)}
a{color:var(--act)}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}
ul{margin:0;padding:0;list-style:none}
li{padding:.75rem 0;border-top:1px solid var(--line)}
.banner{margin:0 0 1rem;padding:.75rem 1rem;border:1px solid var(--bad);border-radius:.5rem}
hr{margin:1.5rem 0;border:0;border-top:1px solid var(--line)}
[hidden]{display:none}
`
