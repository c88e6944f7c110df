"""The Celery face of the funnel's jobs."""

from celery import shared_task

from funnel import jobs


@shared_task
def bring_everybody_back() -> int:
    """Leads whose day has come leave nurturing."""
    return jobs.bring_everybody_back()


@shared_task
def rearrange_queues() -> int:
    """The order of the queue is held against what it is made of."""
    return jobs.rearrange_all_queues()


@shared_task
def route_waiting() -> int:
    """Leads that nobody could take are asked about again."""
    return jobs.route_everybody_waiting()


@shared_task
def remind_of_renewals() -> int:
    """Whoever looks after customers is reminded of renewals in the morning."""
    return jobs.remind_of_all_renewals()


@shared_task
def tell_of_late_steps() -> int:
    """Whoever is to take an onboarding step is told in the morning that it is overdue."""
    return jobs.tell_of_all_late_steps()


@shared_task
def send_training_letters() -> int:
    """People of customers are sent what they were given to learn."""
    return jobs.send_all_letters()


@shared_task
def fold_deal_sums() -> int:
    """Sums of deals become one row each again."""
    return jobs.fold_all_deal_sums()


@shared_task
def check_deal_sums() -> int:
    """Sums of deals are held against the deals."""
    return jobs.check_all_deal_sums()


@shared_task
def check_customers() -> int:
    """Customers are held against the stages and the deals."""
    return jobs.check_all_customers()
