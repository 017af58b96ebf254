// A web part with a widget of Stoa: below a page, the comments of that page.

import { Version } from "@microsoft/sp-core-library";
import { AadHttpClient, AadHttpClientResponse } from "@microsoft/sp-http";
import { IPropertyPaneConfiguration, PropertyPaneDropdown, PropertyPaneTextField } from "@microsoft/sp-property-pane";
import { BaseClientSideWebPart } from "@microsoft/sp-webpart-base";

export interface IStoaProperties {
  /** Origin of the Stoa host. */
  host: string;
  /** The site's id at the host. */
  site: string;
  widget: "comments" | "questions" | "kudos";
  /** Address that takes a token of Entra ID and answers with one for Stoa; empty for reading alone. */
  tokenUrl: string;
  /** Application ID URI of that address. */
  resource: string;
}

/** What the loader reads from an element beside its attributes. */
interface IWidget extends HTMLElement {
  tokenSource?: () => Promise<string | undefined>;
}

const WIDGETS = [
  { key: "comments", text: "Comments on the page" },
  { key: "questions", text: "Questions about the page" },
  { key: "kudos", text: "Thanks to colleagues" },
];

export default class StoaWebPart extends BaseClientSideWebPart<IStoaProperties> {
  public render(): void {
    const { host, site, widget, tokenUrl } = this.properties;
    if (!/^https:\/\/[^/]+$/.test(host) || !site) {
      this.domElement.textContent = "Stoa: name the host (https://…, without a path) and the site in the properties of this web part.";
      return;
    }
    const element: IWidget = document.createElement(`stoa-${widget}`);
    element.setAttribute("site", site);
    element.setAttribute("page", this._page());
    element.setAttribute("lang", this.context.pageContext.cultureInfo.currentUICultureName);
    if (tokenUrl) element.tokenSource = () => this._token();
    // A module script of the host's own origin; webpack must not try to bundle it.
    import(/* webpackIgnore: true */ `${host}/embed.js`).then(
      () => this.domElement.replaceChildren(element),
      () => {
        this.domElement.textContent = `Stoa: ${host} does not answer, or is not among the tenant's trusted script sources.`;
      },
    );
  }

  /** The list item's id stays when a page is renamed or moved inside its library; a new page has none yet. */
  private _page(): string {
    const { list, listItem, web } = this.context.pageContext;
    return list && listItem ? `sharepoint-${list.id}-${listItem.id}` : `sharepoint-${web.id}`;
  }

  /** Entra ID's word for whoever reads, changed for one that the Stoa host believes. */
  private async _token(): Promise<string | undefined> {
    const client: AadHttpClient = await this.context.aadHttpClientFactory.getClient(this.properties.resource);
    const answer: AadHttpClientResponse = await client.get(this.properties.tokenUrl, AadHttpClient.configurations.v1);
    if (!answer.ok) throw new Error(`${this.properties.tokenUrl} answers ${answer.status}`);
    return ((await answer.json()) as { token: string | undefined }).token;
  }

  protected get dataVersion(): Version {
    return Version.parse("1.0");
  }

  protected getPropertyPaneConfiguration(): IPropertyPaneConfiguration {
    const fields = [
      PropertyPaneTextField("host", { label: "Origin of the Stoa host" }),
      PropertyPaneTextField("site", { label: "Site" }),
      PropertyPaneDropdown("widget", { label: "What is shown", options: WIDGETS }),
      PropertyPaneTextField("tokenUrl", { label: "Address for tokens" }),
      PropertyPaneTextField("resource", { label: "Application ID URI of that address" }),
    ];
    return { pages: [{ header: { description: "Stoa" }, groups: [{ groupFields: fields }] }] };
  }
}
