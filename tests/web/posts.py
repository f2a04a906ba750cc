"""One valid post for each form of each route, in a world in which each has something to do."""

from tests.web.posts_of_clients import CLIENTS
from tests.web.posts_of_settings import SETTINGS
from tests.web.posts_of_staff import STAFF

FORMS = CLIENTS | STAFF | SETTINGS
