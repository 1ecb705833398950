// What the station keeps in the browser: the work at hand and every step until the server has answered it.
"use strict";

const NAME = "yima-station";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("steps", { keyPath: "id" });
      request.result.createObjectStore("kept");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let database = null;

/** Runs one transaction; resolves once it is on the disk. */
async function within(store, mode, body) {
  database ??= await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    let request;
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
    request = body(transaction.objectStore(store));
  });
}

export const kept = {
  get: (name) => within("kept", "readonly", (store) => store.get(name)),
  set: (name, value) => within("kept", "readwrite", (store) => store.put(value, name)),
};

export const steps = {
  /** All steps in the order in which they were taken. */
  all: async () => (await within("steps", "readonly", (store) => store.getAll())).sort((a, b) => a.order - b.order),
  put: (step) => within("steps", "readwrite", (store) => store.put(step)),
  remove: (id) => within("steps", "readwrite", (store) => store.delete(id)),
};
