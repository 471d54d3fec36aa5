/*
 * validate.js: reads resources as JSON, one a line, and prints what the schemas of Kubernetes, as the npm package
 * kubernetes-models has them, find wrong. Its validators ignore unknown fields. A field that no validator has
 * read is therefore unknown: each object is watched while it is validated.
 */
"use strict";

const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");

const load = createRequire(process.cwd() + "/");

/* Returns a view of the value that adds the path of each field that is read to `read`. */
function watch(value, path, read) {
	if (typeof value !== "object" || value === null)
		return value;
	return new Proxy(value, {
		get(object, key) {
			if (typeof key === "symbol" || !Object.hasOwn(object, key))
				return object[key];
			const below = `${path}.${key}`;
			read.add(below);
			return watch(object[key], below, read);
		},
	});
}

/* Returns the paths of all fields. */
function fields(value, path) {
	if (typeof value !== "object" || value === null)
		return [];
	return Object.entries(value).flatMap(([key, below]) =>
		[`${path}.${key}`, ...fields(below, `${path}.${key}`)]);
}

/* Returns what is wrong with the resource. */
function wrong(resource) {
	const model = load(`kubernetes-models/${resource.apiVersion}`)[resource.kind];
	const read = new Set();
	try {
		model.prototype.validate.call(watch(resource, "", read));
	} catch (error) {
		return [error.message];
	}
	return fields(resource, "").filter((path) => !read.has(path)).map((path) => `unknown field ${path}`);
}

const lines = readFileSync(0, "utf8").split("\n").filter((line) => line);
for (const line of lines) {
	const resource = JSON.parse(line);
	for (const message of wrong(resource))
		console.log(`${resource.kind}/${resource.metadata.name}: ${message}`);
}
