"""JupyterLab へのノートブックの渡し方: カーネルにない動く図の代わりに、静止画を見せる。

etc/jupyter/jupyter_server_config.json が、このクラスを JupyterLab のサーバーに使わせる。
"""

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from helpers.display import WIDGET_STATE, WIDGET_VIEW

PATIENCE = 2  # 秒: セルを実行中のカーネルは、その間は答えない


class Notebooks(AsyncLargeFileManager):
    """ノートブックのファイル。開くと、カーネルにない動く部品の表示を除いて渡す。

    動く部品はカーネルの中にあるので、ないときに表示すると英語のエラーになる。
    ファイルは書き換えない。部品が残っていれば、開き直しても図は動き続ける。
    """

    async def get(self, path, content=True, type=None, format=None, **options):
        """path の内容を返す。引数は jupyter_server の約束と同じ。"""
        model = await super().get(path, content, type, format, **options)
        if content and model["type"] == "notebook":
            await self._remove_dead_views(path, model["content"])
        return model

    async def _remove_dead_views(self, path, notebook):
        """ノートブック path の出力から、カーネルにない動く部品の表示を除く。"""
        kernel_id = await self._kernel_of(path)
        live = await self._live_parts(kernel_id) if kernel_id else {}
        if live is not None:
            shown = {*live, *saved_parts(notebook)}
            for data in data_with_view(notebook):
                if model_id(data[WIDGET_VIEW]) not in shown:
                    del data[WIDGET_VIEW]

    async def _kernel_of(self, path):
        """ノートブック path で動いているカーネルの番号。なければ None。"""
        for session in await self.parent.session_manager.list_sessions():
            if session["path"].strip("/") == path.strip("/"):
                return session["kernel"]["id"]
        return None

    async def _live_parts(self, kernel_id):
        """カーネルにある動く部品の番号の集まり。カーネルが実行中で答えなければ None。"""
        client = self.parent.kernel_manager.get_kernel(kernel_id).client()
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        try:
            reply = await client.comm_info("jupyter.widget", reply=True, timeout=PATIENCE)
            return reply["content"]["comms"]
        except TimeoutError:
            return None
        finally:
            client.stop_channels()


def saved_parts(notebook):
    """状態がノートブックに保存してあり、カーネルがなくても表示できる部品の番号。"""
    state = notebook
    for key in ("metadata", "widgets", WIDGET_STATE, "state"):
        state = part(state, key, dict)
    return state


def model_id(view):
    """動く部品の表示 view が指す部品の番号。読めなければ None。"""
    return part(view, "model_id", str) or None


def data_with_view(notebook):
    """ノートブックの出力の内容のうち、動く部品の表示があるものを返す。"""
    cells = part(notebook, "cells", list)
    outputs = [output for cell in cells for output in part(cell, "outputs", list)]
    data = [part(output, "data", dict) for output in outputs]
    return [each for each in data if WIDGET_VIEW in each]


def part(whole, key, kind):
    """whole[key] が型 kind なら、それを返す。ファイルの形が約束と違えば、空の kind を返す。"""
    found = whole.get(key) if isinstance(whole, dict) else None
    return found if isinstance(found, kind) else kind()
