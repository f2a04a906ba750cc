"""Every page of the site and the way to it; what must hold everywhere is tested along this list."""

from tests.browser.page_ways import At
from tests.browser.pages_of_clients import CLIENTS
from tests.browser.pages_of_staff import STAFF

PAGES: dict[str, At] = CLIENTS | STAFF
