/** What these pages add to the sign-in's stylesheet: more room, lists, and values to copy. */
export const ACCOUNT_STYLE = `main{max-width:52rem;padding-top:2.5rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0 0 1rem}
nav a{padding:.5rem 0}
nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration:none}
h3{margin:0 0 .25rem;font-size:1rem;overflow-wrap:anywhere}
.card>h2{font-size:1.125rem;padding-top:1.25rem;border-top:1px solid var(--line)}
li h2{margin:0 0 .375rem;font-size:1.125rem;overflow-wrap:anywhere}
section{margin-top:1.5rem}
h1{overflow-wrap:anywhere}
.state{display:inline-block;padding:.125rem .625rem;border:1px solid currentColor;border-radius:1rem;font-size:.9375rem;font-weight:600}
.state.good{color:var(--act)}
.state.bad{color:var(--bad)}
.facts{display:grid;grid-template-columns:minmax(6rem,11rem) 1fr;gap:.375rem 1rem;margin:0 0 1rem}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
.copy{display:inline-block;max-width:100%;padding:.125rem .375rem;border:1px solid var(--line);border-radius:.25rem;background:var(--ground);font:.9375rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere;-webkit-user-select:all;user-select:all}
.acts{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center}
.acts button,.acts .button{width:auto;margin-top:0}
.button.quiet{background:transparent;color:var(--act)}
ol{margin:0 0 1rem;padding:0 0 0 1.5rem}
ol li{border:0;padding:.25rem 0}
ol.steps{padding:0;list-style:none}
ol.steps li{display:grid;grid-template-columns:6.5rem 1fr;gap:0 .75rem;border-top:1px solid var(--line);padding:.5rem 0}
ol.steps .now{font-weight:600}
progress{display:block;width:100%;height:.75rem;margin:0 0 1rem;accent-color:var(--act)}
summary{min-height:2.75rem;padding:.625rem 0;color:var(--act);cursor:pointer}
@media (max-width:34rem){.card{padding:1.25rem}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.5rem}ol.steps li{grid-template-columns:1fr}.acts form,.acts .button,.acts button{width:100%}}
`
