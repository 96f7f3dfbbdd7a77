// How the sandbox's pages look, light and dark. One sheet, named by its hash in the Content-Security-Policy.
import { createHash } from 'node:crypto';

export const pageStyle = `
:root { color-scheme: light dark; --ground: #f3f4f6; --card: #fff; --ink: #1b1f27; --soft: #5b6472; --line: #dfe2e8;
  --act: #2f55d4; --act-ink: #fff; --act-over: #2443ad; --note: #fff4d6; --note-ink: #6a4b00; --bad: #b3261e; --tint: #eef2ff; }
@media (prefers-color-scheme: dark) { :root { --ground: #12151b; --card: #1b2028; --ink: #e8ebf1; --soft: #a3acba;
  --line: #303743; --act: #93adff; --act-ink: #10182f; --act-over: #b1c4ff; --note: #3a2f10; --note-ink: #ffdf94;
  --bad: #ff9b92; --tint: #232b3d; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
.note { background: var(--note); color: var(--note-ink); text-align: center; padding: .55rem 1rem; font-size: .875rem; font-weight: 600; }
main { margin: auto; padding: 2rem 1rem; width: 100%; max-width: 33.5rem; }
main.wide { max-width: 54rem; margin-top: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 2rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 12px 32px rgb(0 0 0 / .06); }
.card + .card { margin-top: 1.25rem; }
.card > :last-child { margin-bottom: 0; }
.mark { width: 44px; height: 44px; border-radius: 12px; background: var(--act); color: var(--act-ink); display: grid;
  place-items: center; font-weight: 700; font-size: 1.25rem; margin-bottom: 1.25rem; }
.mark.bad { background: var(--bad); color: var(--card); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.person { display: flex; align-items: center; gap: .75rem; }
.face { flex: none; width: 36px; height: 36px; border-radius: 50%; background: var(--tint); color: var(--act); display: grid;
  place-items: center; font-weight: 700; }
.person b, .person .soft { display: block; line-height: 1.3; }
button.link { border: 0; padding: .3rem .5rem; color: var(--act); font-size: .875rem; }
.chosen { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .5rem; border: 1px solid var(--line); border-radius: 12px; padding: .6rem .8rem; margin: 0 0 1.25rem; }
button, input { font: inherit; color: inherit; }
button { cursor: pointer; border-radius: 10px; border: 1px solid var(--line); background: transparent; padding: .65rem 1.2rem; font-weight: 600; }
button:hover { background: var(--tint); }
button.go { background: var(--act); border-color: var(--act); color: var(--act-ink); }
button.go:hover { background: var(--act-over); border-color: var(--act-over); }
button.row { width: 100%; text-align: left; padding: .75rem; margin-bottom: .6rem; font-weight: 400; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.choice { display: flex; gap: .8rem; padding: .8rem 0; border-top: 1px solid var(--line); align-items: start; }
.choice input { flex: none; width: 1.15rem; height: 1.15rem; margin: .2rem 0 0; accent-color: var(--act); }
.choice code { display: block; color: var(--soft); font-size: .8rem; overflow-wrap: anywhere; }
.acts { display: flex; gap: .75rem; justify-content: flex-end; margin-top: 1.5rem; }
.code { width: 100%; border: 1px solid var(--line); border-radius: 10px; background: transparent; padding: .7rem .9rem;
  font: 600 1.35rem/1.3 ui-monospace, Menlo, Consolas, monospace; letter-spacing: .12em; text-transform: uppercase; }
code { font: .875em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: .9rem; }
td, th { text-align: left; vertical-align: top; overflow-wrap: anywhere; padding: .45rem .75rem .45rem 0; border-top: 1px solid var(--line); }
th { width: 38%; font-weight: 600; color: var(--soft); }
table + h2 { margin-top: 1.75rem; }
`;

export const pageStyleSource = `'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'`;
