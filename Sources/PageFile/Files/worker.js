// The engine in a thread of its own: the page sends requests, and gets their answers in turn.
let page;

onmessage = async ({ data }) => {
  if (data.module) {
    try {
      page = await openPage(data.module);
      postMessage({ isReady: true });
    } catch (error) {
      postMessage({ failure: String(error.message ?? error) });
    }
    return;
  }
  if (data.resets) page.reset();
  const answers = [];
  const start = performance.now();
  if (data.isAside) answers.push(...(await page.aside(data.requests)));
  else for (const request of data.requests) answers.push(await page.ask(request));
  postMessage({ id: data.id, answers, milliseconds: performance.now() - start });
};
