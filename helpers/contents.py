"""JupyterLab へのノートブックの渡し方: カーネルがなければ、動く図の代わりに静止画を見せる。

etc/jupyter/jupyter_server_config.json が、このクラスを JupyterLab のサーバーに使わせる。
"""

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class Notebooks(AsyncLargeFileManager):
    """ノートブックのファイル。実行中でないものを開くと、動く部品の表示を除いて渡す。

    動く部品はカーネルの中にあるので、ないときに表示すると英語のエラーになる。
    ファイルは書き換えない。カーネルが動いていれば、開き直しても図は動き続ける。
    """

    async def get(self, path, content=True, type=None, format=None, **options):
        """path の内容を返す。引数は jupyter_server の約束と同じ。"""
        model = await super().get(path, content, type, format, **options)
        if content and model["type"] == "notebook" and not await self._is_running(path):
            remove_live_views(model["content"])
        return model

    async def _is_running(self, path):
        """ノートブック path のカーネルが動いていれば True。"""
        sessions = await self.parent.session_manager.list_sessions()
        return any(session["path"].strip("/") == path.strip("/") for session in sessions)


def remove_live_views(notebook):
    """ノートブックの出力から動く部品の表示を除き、静止画や文章を残す。"""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
