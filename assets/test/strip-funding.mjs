// Takes the `funding` fields out of package-lock.json after `npm install`: they only name foreign hosts.
import fs from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
for (const p of Object.values(lock.packages)) delete p.funding;
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
