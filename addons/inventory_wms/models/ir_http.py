from odoo import models
from odoo.http import request
from werkzeug.exceptions import Forbidden, abort
from werkzeug.utils import redirect as redirect_response

# What a worker's browser needs besides its own routes: to sign in and out, and static files.
WORKER_PATHS = ("/wms/",)
SIGN_IN_PATHS = (
    "/web/login",
    "/web/session/logout",
    "/web/session/authenticate",
    "/web/session/destroy",
    "/web/assets/",
    "/web/static/",
    "/web/manifest.webmanifest",
    "/web/webclient/translations",
)
# Pages that people land on by habit: sent to the scanner instead of being refused.
HOME_PATHS = ("/", "/web", "/odoo", "/my", "/my/home", "/web/login_successful")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    # roles: a worker may use the scanner's routes and nothing else
    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        # A route without authentication has no user, but the session still knows who it is.
        uid = request.env.uid or request.session.uid
        if uid and request.env["res.users"].browse(uid)._is_wms_worker():
            cls._wms_refuse_path(request.httprequest.path)

    @classmethod
    def _wms_refuse_path(cls, path):
        """Stop a worker's request to anything but the scanner.

        :raises werkzeug.exceptions.Forbidden: for other routes
        :raises werkzeug.exceptions.HTTPException: a redirect, for the pages people land on
        """
        if path.startswith(WORKER_PATHS) or any(
            path == allowed or (allowed.endswith("/") and path.startswith(allowed))
            for allowed in SIGN_IN_PATHS
        ):
            return
        if path.rstrip("/") in {home.rstrip("/") for home in HOME_PATHS}:
            abort(redirect_response("/wms/scan", 303))
        raise Forbidden("Workers use the scanner: /wms/scan")
