// plotly.js fetches a world map for every geo layer; with an empty one in place it asks for nothing,
// and its own borders, which we may not show, cannot appear.
window.PlotlyGeoAssets = {
  topojson: {
    world_110m: {
      type: "Topology",
      objects: Object.fromEntries(
        ["coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits"].map((name) => [
          name,
          { type: "GeometryCollection", geometries: [] },
        ]),
      ),
      arcs: [],
    },
  },
};
