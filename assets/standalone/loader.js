// Opens a saved page. Modules cannot be loaded from file:, so each becomes a data: address under a bare name of an import map;
// the map has to stand in the document before the first module is asked for, so this is a classic script.
(async () => {
  const element = (id) => document.getElementById(id);
  const bytes = (id) => Uint8Array.from(atob(element(id).textContent), (letter) => letter.charCodeAt(0));
  const inflated = (data) => new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  const address = (source) => `data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`;
  element("scriptless").remove();
  try {
    const sources = Object.entries(JSON.parse(await inflated(bytes("modules"))));
    const map = document.createElement("script");
    map.type = "importmap";
    map.textContent = JSON.stringify({ imports: Object.fromEntries(sources.map(([name, source]) => [name, address(source)])) });
    document.head.append(map);
    const { open } = await import("mirante/standalone.js");
    await open(element("explorer"), bytes("packet"), JSON.parse(element("ramps").textContent));
  } catch (error) {
    element("failure").hidden = false;
    console.error(error);
  }
})();
