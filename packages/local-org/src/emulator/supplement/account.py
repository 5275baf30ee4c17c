from moto.account.models import account_backends
from moto.account.responses import AccountResponse
from moto.account.urls import url_paths
from moto.core.responses import ActionResult, EmptyResult

from . import adds_to, error_class

ServiceError = error_class("account")

REQUIRED = ("AddressLine1", "City", "CountryCode", "FullName", "PhoneNumber", "PostalCode")

url_paths["{0}/getContactInformation$"] = AccountResponse.dispatch
url_paths["{0}/putContactInformation$"] = AccountResponse.dispatch


def backend_of(response):
    return account_backends[response._get_account_id()][response.partition]


# https://docs.aws.amazon.com/accounts/latest/reference/API_GetContactInformation.html
@adds_to(AccountResponse)
def get_contact_information(self):
    contact = getattr(backend_of(self), "contact_information", None)
    # Unproven: what AWS serves an account that never had a contact; the page lists this error.
    if contact is None:
        raise ServiceError("ResourceNotFoundException", "No primary contact information found.")
    return ActionResult({"ContactInformation": contact})


# https://docs.aws.amazon.com/accounts/latest/reference/API_PutContactInformation.html
# https://docs.aws.amazon.com/accounts/latest/reference/API_ContactInformation.html
@adds_to(AccountResponse)
def put_contact_information(self):
    contact = self._get_param("ContactInformation")
    missing = [name for name in REQUIRED if not contact.get(name)]
    if missing:
        raise ServiceError("ValidationException", f"Missing: {', '.join(missing)}")
    # The whole record is replaced.
    backend_of(self).contact_information = contact
    return EmptyResult()
