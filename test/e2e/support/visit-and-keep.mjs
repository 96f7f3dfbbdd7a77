#!/usr/bin/env node
// A browser for BROWSER=…: follows redirects to the end, and keeps the last page as page.html in HOME.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

let url = process.argv[2];
for (let hops = 0; url && hops < 10; hops++) {
  const response = await fetch(url, { redirect: 'manual' });
  const location = response.headers.get('location');
  const body = await response.text();
  url = location && new URL(location, url).href;
  if (!url) writeFileSync(join(process.env.HOME ?? '.', 'page.html'), body);
}
