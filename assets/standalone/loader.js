// Opens a saved page. Modules cannot be loaded from file:, so they travel joined into one script (core/export/modules.py), deflated.
(async () => {
  const element = (id) => document.getElementById(id);
  const bytes = (id) => {
    const letters = atob(element(id).textContent);
    const data = new Uint8Array(letters.length);
    for (let i = 0; i < data.length; i++) data[i] = letters.charCodeAt(i); // Uint8Array.from with a function: 100 ms for a megabyte
    return data;
  };
  const inflated = (data) => new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  element("scriptless").remove();
  try {
    const script = document.createElement("script");
    script.textContent = await inflated(bytes("modules"));
    document.head.append(script); // runs at once, and leaves `mirante`
    await mirante.open(element("explorer"), bytes("packet"), JSON.parse(element("ramps").textContent));
  } catch (error) {
    element("failure").hidden = false;
    console.error(error);
  }
})();
