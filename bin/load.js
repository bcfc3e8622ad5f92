// Loads the files of dist/ as require would, but with V8's code cache where the build left one beside a file: half of
// what a short command takes beyond Node.js itself is reading and compiling its own code. V8 refuses a cache of another
// version of itself or of other flags, and the file is compiled as ever. Nothing is written here: the cache is a part
// of the package, as the code is. (Node's own `module.enableCompileCache` has one that each user writes.)
'use strict';

const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

/**
 * The exports of a file. `compiled` is given the name and the script of each file that is loaded, now or later.
 * @param {string} file
 * @param {(file: string, script: Script) => void} [compiled]
 */
exports.load = function load(file, compiled) {
  const modules = new Map();
  const loaded = (name) => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const script = scriptOf(name);
    compiled?.(name, script);
    const folder = dirname(name);
    const requireFrom = (wanted) =>
      wanted.startsWith('.') ? loaded(join(folder, wanted)) : require(wanted);
    script.runInThisContext()(module.exports, requireFrom, module, name, folder);
    return module.exports;
  };
  return loaded(file);
};

function scriptOf(file) {
  const text = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
  return new Script(text, { filename: file, cachedData: cacheOf(file) });
}

function cacheOf(file) {
  try {
    return readFileSync(`${file}.cache`);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
