// The editor's half of the block: a place with the widget's name, and its settings. Written for the browser as it is.
(({ blocks, blockEditor, components, element }, labels) => {
  const { createElement: e, Fragment } = element;
  const names = ["comments", "questions", "kudos", "bell"];
  const icons = { comments: "admin-comments", questions: "editor-help", kudos: "heart", bell: "bell" };

  const settings = ({ widget, wholeSite }, change) =>
    e(
      blockEditor.InspectorControls,
      null,
      e(
        components.PanelBody,
        { title: labels.settings },
        e(components.SelectControl, {
          label: labels.widget,
          value: widget,
          options: names.map((value) => ({ value, label: labels[value] })),
          onChange: (value) => change({ widget: value }),
        }),
        widget === "questions" &&
          e(components.ToggleControl, {
            label: labels.site,
            checked: wholeSite,
            onChange: (value) => change({ wholeSite: value }),
          }),
      ),
    );

  blocks.registerBlockType("stoa/widget", {
    edit({ attributes, setAttributes }) {
      const { widget } = attributes;
      const place = e(components.Placeholder, { icon: icons[widget], label: labels[widget], instructions: labels.note });
      return e(Fragment, null, settings(attributes, setAttributes), e("div", blockEditor.useBlockProps(), place));
    },
    save: () => null,
    variations: names.map((widget) => ({
      name: widget,
      title: `${labels[widget]} (Stoa)`,
      icon: icons[widget],
      attributes: { widget },
      isActive: ["widget"],
      scope: ["inserter", "transform"],
      isDefault: widget === "comments",
    })),
  });
})(window.wp, window.stoaBlock);
