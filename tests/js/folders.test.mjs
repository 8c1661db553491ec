// Which modules may import which: a component its neighbours and what is shared, and what is shared only itself.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../assets/components/", import.meta.url);
const folders = readdirSync(root);
const files = folders.flatMap((folder) => readdirSync(new URL(`${folder}/`, root)).filter((name) => /\.(js|css)$/.test(name)).map((name) => `${folder}/${name}`));
const imported = (file) => Array.from(readFileSync(new URL(file, root), "utf8").matchAll(/(?:\bfrom |\bimport |\bimport\(|@import url\()"([^"]+)"/g), ([, path]) => path);

test("a component imports its neighbours and what is shared, which imports no component", () => {
  for (const file of files) {
    for (const path of imported(file)) {
      assert.match(path, file.startsWith("shared/") ? /^\.\/[\w-]+\.js$/ : /^(\.\/[\w-]+\.js|\.\.\/shared\/[\w-]+\.(js|css))$/, `${file} imports ${path}`);
      assert.ok(existsSync(new URL(path, new URL(file, root))), `${file} imports ${path}`);
    }
  }
});

test("what is shared is used by two components at least", () => {
  const reached = (file, seen = new Set()) => {
    if (!seen.has(file)) imported(file).forEach((path) => reached(new URL(path, new URL(file, root)).href.slice(root.href.length), seen.add(file)));
    return seen.add(file);
  };
  const components = folders.filter((folder) => folder !== "shared").map((folder) => new Set(files.filter((file) => file.startsWith(`${folder}/`)).flatMap((file) => [...reached(file)])));
  for (const file of files.filter((name) => name.startsWith("shared/"))) {
    const users = components.filter((component) => component.has(file)).length;
    assert.ok(users >= 2, `${file}: ${users}`);
  }
});
