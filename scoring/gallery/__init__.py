"""Ready models by industry to start from: fit and engagement rules over what every workspace has.

`ready` is what one is and the pieces they are written with; each industry is a module.
"""

from scoring.gallery.education import EDUCATION
from scoring.gallery.industry import MANUFACTURING
from scoring.gallery.property import REAL_ESTATE
from scoring.gallery.ready import ReadyModel
from scoring.gallery.services import CONSULTING
from scoring.gallery.shops import COMMERCE
from scoring.gallery.software import SOFTWARE

GALLERY: dict[str, ReadyModel] = {
    each.key: each
    for each in (SOFTWARE, MANUFACTURING, CONSULTING, EDUCATION, REAL_ESTATE, COMMERCE)
}
