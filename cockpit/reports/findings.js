// Draws every chart of the document; for print each takes the width of the page.
"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const drawings = read("drawings");
  const config = read("config");
  const plots = [...document.querySelectorAll(".plot")];
  for (const plot of plots) {
    const { data, layout } = drawings[Number(plot.dataset.drawing)];
    Plotly.newPlot(plot, data, { ...layout, autosize: true }, config);
  }
  const fit = () => plots.forEach((plot) => Plotly.Plots.resize(plot));
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((part) => { part.open = true; });
    fit();
  });
  addEventListener("afterprint", fit);
})();
