// Loaded before the program: the system has no file watches left. NO_WATCHES is the error that it gives.
const fs = require('node:fs');

fs.watch = path => {
	throw Object.assign(new Error(`${process.env.NO_WATCHES}: no watches left, watch '${path}'`), {code: process.env.NO_WATCHES, path});
};
require('node:module').syncBuiltinESMExports();
