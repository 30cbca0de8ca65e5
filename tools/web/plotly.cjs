// The chart types that the cockpit draws (scatter is in the core), and Plotly's Chinese texts.
const Plotly = require('plotly.js/lib/core');

Plotly.register([
  require('plotly.js/lib/bar'),
  require('plotly.js/lib/box'),
  require('plotly.js/lib/choropleth'),
  require('plotly.js/lib/funnel'),
  require('plotly.js/lib/heatmap'),
  require('plotly.js/lib/histogram'),
  require('plotly.js/lib/indicator'),
  require('plotly.js/lib/pie'),
  require('plotly.js/lib/sankey'),
  require('plotly.js/lib/scattergeo'),
  require('plotly.js/lib/treemap'),
  require('plotly.js/lib/waterfall'),
  require('plotly.js/lib/locales/zh-cn'),
]);

module.exports = Plotly;
