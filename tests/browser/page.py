"""The demo's page as a person uses it: act as a member, type a command, fill a form, press a button, look.

For the browser tests and for taking pictures for the documentation. It knows the page of simcord 3.2.1 and nothing of
Gantry. Nothing here sleeps: every step waits until the page shows what it must. The page's content policy forbids
`wait_for_function`, so readiness is read from the status object that it offers to tools.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright, expect

# Nothing of the browser itself may go out to a network while it looks at a page on loopback.
_BROWSER_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_READY = "() => Boolean(window.simcordPreview?.ready && window.simcordPreview.awaitingRevision === null)"
_TIMEOUT_MS = 15_000
_POLL_S = 0.05

FormValue = str | bool | Sequence[Path]


class DemoPage:
    """One open page. Its methods return when what they did can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def ready(self) -> None:
        """Wait until the page has loaded and no action of ours is under way."""
        async with asyncio.timeout(_TIMEOUT_MS / 1000):
            while not await self.page.evaluate(_READY):
                await asyncio.sleep(_POLL_S)

    async def act_as(self, member: str) -> None:
        """See and do everything as the member shown by this name, such as "Pad chief"."""
        await self.ready()
        viewer = self.page.get_by_label("Viewing as").locator("visible=true")
        await viewer.select_option(label=member)
        await self.ready()

    async def hide_message_list(self) -> None:
        """Close the list of messages at the left, which Discord does not have."""
        toggle = self.page.locator("#messages-toggle")
        if await toggle.get_attribute("aria-expanded") == "true":
            await toggle.click()

    async def type_command(self, name: str, options: Mapping[str, str | Path] | None = None) -> None:
        """Choose `/name` in the composer and fill its options as a person does, without sending it.

        A text for an option that offers choices takes the first choice offered for it, once one is there; a path is
        attached as a file.
        """
        await self.ready()
        await self._choose_command(name)
        for option, value in (options or {}).items():
            await self._fill_option(option, value)

    async def send(self) -> None:
        """Send what stands in the composer and wait until the bot has answered."""
        await self.page.locator("#send-message").click()
        await self.ready()

    async def command(self, name: str, options: Mapping[str, str | Path] | None = None) -> None:
        """Type a command with its options and send it."""
        await self.type_command(name, options)
        await self.send()

    async def choices(self) -> list[str]:
        """Return the choices the composer offers at the moment."""
        return await self._popup().get_by_role("option").all_inner_texts()

    async def fill_form(self, values: Mapping[str, FormValue]) -> None:
        """Fill the open form. Keys are labels; a text chooses in a menu or among radio buttons, paths are uploaded."""
        for label, value in values.items():
            field = self.form.locator(".modal-field").filter(has=self.page.get_by_text(label, exact=True))
            if not await field.count():  # the label stands beside the field, not in it
                field = self.form.locator(".modal-field").filter(has_text=label)
            await self._fill_field(field.first, value)

    async def submit_form(self) -> None:
        """Submit the open form and wait until the bot has answered."""
        await self.form.get_by_role("button", name="Submit").click()
        await expect(self.form).to_be_hidden(timeout=_TIMEOUT_MS)
        await self.ready()

    async def press(self, button: str, *, beside: str) -> None:
        """Press a button of the newest message that contains the text `beside`."""
        await self.ready()
        await self.messages(beside).last.get_by_role("button", name=button, exact=True).click()
        await self.ready()

    async def wait_for(self, text: str) -> Locator:
        """Wait for a message that contains `text` and return the newest one."""
        message = self.messages(text).last
        await expect(message).to_be_visible(timeout=_TIMEOUT_MS)
        return message

    def messages(self, text: str) -> Locator:
        """Return the shown messages that contain `text`."""
        return self.page.locator(".channel-message", has_text=text)

    @property
    def form(self) -> Locator:
        """The open form."""
        return self.page.locator("#modal-root .modal-dialog")

    async def status(self) -> str:
        """Return what the page's own status line says, for example that an action was not completed."""
        return await self.page.locator("#action-status").inner_text()

    async def picture(self, path: Path) -> None:
        """Save what is seen as a PNG."""
        await self.page.screenshot(path=path, animations="disabled")

    async def _choose_command(self, name: str) -> None:
        composer = self.page.locator("#channel-composer-input")
        await composer.fill(f"/{name}")
        title = self.page.locator(".command-entry-title strong").get_by_text(f"/{name}", exact=True)
        await title.click()
        await expect(self.page.locator(".command-chip")).to_have_text(f"/{name}")

    async def _fill_option(self, option: str, value: str | Path) -> None:
        row = self.page.locator(".command-row")
        pill = row.locator(f'.command-pill[data-option="{option}"]')
        if not await pill.count():  # an optional one has to be asked for
            await row.locator(".command-ghost").click()
            wanted = self._popup().get_by_role("option").filter(has=self.page.get_by_text(option, exact=True))
            await wanted.first.click()
        if isinstance(value, Path):
            await pill.locator("input[type=file]").set_input_files(value)
            return
        field = pill.locator(".command-option-input")
        await field.fill(value)
        if await field.get_attribute("role") == "combobox":
            await self._popup().get_by_role("option").first.click()

    def _popup(self) -> Locator:
        return self.page.locator(".command-popup:visible")

    async def _fill_field(self, field: Locator, value: FormValue) -> None:
        if not isinstance(value, str | bool):
            await field.locator("input[type=file]").set_input_files(list(value))
        elif isinstance(value, bool):
            await field.locator("input[type=checkbox]").set_checked(value, force=True)
        elif await field.locator(".select-trigger").count():
            await field.locator(".select-trigger").click()
            await self.form.get_by_role("option").filter(has_text=value).first.click()
        elif await field.get_by_role("radio").count():
            await field.get_by_text(value, exact=True).click()
        else:
            await field.locator("input, textarea").first.fill(value)


@asynccontextmanager
async def open_page(
    url: str, *, browser: Path = Path("/usr/bin/chromium"), width: int = 1280, height: int = 900
) -> AsyncIterator[DemoPage]:
    """Open the demo at `url` in a headless browser with a fresh profile; closed at the end."""
    async with async_playwright() as playwright:
        program = await playwright.chromium.launch(executable_path=browser, args=_BROWSER_ARGS)
        try:
            demo = DemoPage(await program.new_page(viewport={"width": width, "height": height}))
            demo.page.set_default_timeout(_TIMEOUT_MS)
            await demo.page.goto(url)
            await demo.ready()
            yield demo
            await demo.page.goto("about:blank")  # else the demo publishes to this page until its lease ends
        finally:
            await program.close()
