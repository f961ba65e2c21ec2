import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {Domain} from "@web/core/domain";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";

// Figures that call for the lead, and in which order of loudness.
const TONES = {late: "danger", stuck: "danger", short: "warning", hold: "info", ready: "success"};
const QUIET = "secondary";

/** The counters above the orders; pressing one shows the records behind it. */
export class ReleaseBoard extends Component {
    static template = "inventory_wms.ReleaseBoard";
    // A new list after each reload: the figures are asked for again.
    static props = {list: Object};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({tiles: [], chosen: ""});
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    async load() {
        this.state.tiles = await this.orm.call("stock.picking", "wms_release_board", []);
    }

    tone(tile) {
        return tile.count ? TONES[tile.key] || QUIET : QUIET;
    }

    /** Filter the orders below, or open the waves; pressed again it shows all. */
    show(tile) {
        if (tile.action) {
            return this.action.doAction(tile.action);
        }
        const again = this.state.chosen === tile.key;
        this.state.chosen = again ? "" : tile.key;
        const search = this.env.searchModel;
        search.clearQuery();
        if (!again) {
            const domain = new Domain(tile.domain).toString();
            search.createNewFilters([{description: tile.label, domain, type: "filter"}]);
        }
    }
}

class BoardListRenderer extends ListRenderer {
    static template = "inventory_wms.BoardListRenderer";
    static components = {...ListRenderer.components, ReleaseBoard};
}

class BoardKanbanRenderer extends KanbanRenderer {
    static template = "inventory_wms.BoardKanbanRenderer";
    static components = {...KanbanRenderer.components, ReleaseBoard};
}

registry.category("views").add("wms_release_list", {...listView, Renderer: BoardListRenderer});
registry
    .category("views")
    .add("wms_release_kanban", {...kanbanView, Renderer: BoardKanbanRenderer});
