// The first page of a served sandbox: what is registered, what is switched, what was noticed, what is served.
import { toRfc3339 } from '../model/instants.ts';
import type { Reply } from './call.ts';
import { servedAddresses } from './families.ts';
import { type Html, html } from './html.ts';
import { pageReply } from './page.ts';
import type { SandboxReport, SeededApp } from './sandbox.ts';
import { switchTable } from './switch-table.ts';
import { switchUsage } from './switches.ts';

export function indexPage(report: SandboxReport, apps: Readonly<Record<string, SeededApp>>): Reply {
  const body = html`<div class="card">
<h1>Sandbox</h1>
<p class="soft">Servers that behave like the real ones, oddities included. Put this origin and a host before any path.</p>
${rows(servedAddresses().map(({ host, route }) => [route.methods.join(' '), `/${host}${route.path}`]))}
</div>
<div class="card">
<h2>Registered apps</h2>
${Object.entries(apps).map(([provider, app]) => registered(provider, app))}
</div>
<div class="card">
<h2>Switches</h2>
<p class="soft">${report.switches.length === 0 ? 'All are off.' : `On: ${report.switches.join(', ')}`}</p>
${rows(switchTable.map((definition) => [switchUsage(definition), definition.says]))}
</div>
<div class="card">
<h2>Violations</h2>
<p class="soft">${report.violations.length === 0 ? 'None: the client behaves.' : 'What a correct client would not have sent.'}</p>
${rows(report.violations.map(({ at, place, says }) => [`${toRfc3339(at)} ${place}`, says]))}
</div>`;
  return pageReply(200, { title: 'Overview', body, wide: true });
}

function registered(provider: string, app: SeededApp): Html {
  const clients = Object.entries(app.clients).flatMap(([kind, client]): [string, string][] => [
    [`${kind} client id`, client.clientId],
    [`${kind} client secret`, client.clientSecret?.reveal() ?? 'none: a public client'],
    ...client.redirectUris.map((uri): [string, string] => [`${kind} redirect`, uri]),
  ]);
  return html`<h2>${provider}</h2>${rows([['account', `${app.account.name} (${app.account.id})`], ...clients])}`;
}

function rows(pairs: readonly (readonly [string, string])[]): Html | undefined {
  if (pairs.length === 0) return undefined;
  return html`<table>${pairs.map(([name, value]) => html`<tr><th scope="row"><code>${name}</code></th><td>${value}</td></tr>`)}</table>`;
}
