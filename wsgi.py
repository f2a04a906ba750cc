import gc

from booking import create_app

app = create_app()

# What the start has made stays for as long as the process: looking through it for rubbish again and
# again takes a tenth of each request.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
