# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_wh_global_optspecs
    string join \n P/provider= provider-file= store= json color= q/quiet v/verbose config= h/help V/version
end

function __fish_wh_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_wh_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_wh_using_subcommand
    set -l cmd (__fish_wh_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c wh -n "__fish_wh_needs_command" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_needs_command" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_needs_command" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_needs_command" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_needs_command" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_needs_command" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_needs_command" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_needs_command" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_needs_command" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_needs_command" -s V -l version -d 'Print version'
complete -c wh -n "__fish_wh_needs_command" -f -a "demo" -d 'See wh at work: a signed delivery of each platform, a broken signature explained, retries'
complete -c wh -n "__fish_wh_needs_command" -f -a "send" -d 'Send a signed sample event, or your own bytes, to a URL'
complete -c wh -n "__fish_wh_needs_command" -f -a "trigger" -d 'Send a signed sample event, or your own bytes, to a URL'
complete -c wh -n "__fish_wh_needs_command" -f -a "listen" -d 'Receive deliveries: verify, show and answer them'
complete -c wh -n "__fish_wh_needs_command" -f -a "sign" -d 'Print the signature of a file, as the provider would send it'
complete -c wh -n "__fish_wh_needs_command" -f -a "verify" -d 'Verify the signature of a file, or of a delivery that was recorded'
complete -c wh -n "__fish_wh_needs_command" -f -a "log" -d 'Show the delivery log: every attempt that was sent or received, newest first'
complete -c wh -n "__fish_wh_needs_command" -f -a "show" -d 'Show one delivery: its attempts, request and answer'
complete -c wh -n "__fish_wh_needs_command" -f -a "check" -d 'Check whether a receiver is right: what it takes, what it refuses, how often and how fast'
complete -c wh -n "__fish_wh_needs_command" -f -a "replay" -d 'Send recorded deliveries again: body and webhook id as they were, signed afresh'
complete -c wh -n "__fish_wh_needs_command" -f -a "resend" -d 'Send recorded deliveries again: body and webhook id as they were, signed afresh'
complete -c wh -n "__fish_wh_needs_command" -f -a "retry" -d 'Make one more attempt of a delivery, at once'
complete -c wh -n "__fish_wh_needs_command" -f -a "endpoint" -d 'Keep destinations: URL, provider, secret and events under a name'
complete -c wh -n "__fish_wh_needs_command" -f -a "provider" -d 'List, show, check and add providers'
complete -c wh -n "__fish_wh_needs_command" -f -a "events" -d 'List the events of a provider, or show one with its sample'
complete -c wh -n "__fish_wh_needs_command" -f -a "export" -d 'Write recorded attempts as JSON lines, HAR, CSV or curl'
complete -c wh -n "__fish_wh_needs_command" -f -a "import" -d 'Take in attempts that were recorded elsewhere'
complete -c wh -n "__fish_wh_needs_command" -f -a "prune" -d 'Delete recorded deliveries, the oldest first'
complete -c wh -n "__fish_wh_needs_command" -f -a "doctor" -d 'Check settings, store, secrets and this machine'
complete -c wh -n "__fish_wh_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c wh -n "__fish_wh_needs_command" -f -a "man" -d 'Print the manual page'
complete -c wh -n "__fish_wh_using_subcommand demo" -l speed -d 'How many times faster the retries come than the platform makes them' -r
complete -c wh -n "__fish_wh_using_subcommand demo" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand demo" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand demo" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand demo" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand demo" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand demo" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand demo" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand demo" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand send" -s u -l url -d 'Where to send it to; 3000, 3000/hooks and localhost:3000 will do' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l endpoint -d 'Endpoint to send to (`wh endpoint list`), with its provider, its secret and its events' -r
complete -c wh -n "__fish_wh_using_subcommand send" -s d -l data -d 'Your own body: @FILE, `-` for standard input, or the text itself' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l override -d 'Change a value of the body, for example data.total=300' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l add -d 'Add a value to the body' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l remove -d 'Take a value out of the body' -r
complete -c wh -n "__fish_wh_using_subcommand send" -s H -l header -d 'Header line \'Name: value\', in place of the provider\'s of that name' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l id -d 'Webhook id [default: a new one]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l timestamp -d 'Timestamp, written as it is given; or how far from now: -10m, +1h [default: now]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l attempt -d 'Number of the attempt' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l tamper -d 'Damage the delivery: body, signature, timestamp or secret' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l expect -d 'Answer that is expected: 401, 4xx, `2xx,409`, or `refused` (anything but success)' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l max-attempts -d 'Attempts at most [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l jitter -d 'Let each wait vary by so much of itself, in percent [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l speed -d 'Shorten the waits so many times: 60x makes a minute a second [default: 1x]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l disable-after -d 'Disable the endpoint after so many failures in a row [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -s c -l concurrency -d 'Attempts at the same time, in no order [default: one for each endpoint]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -s n -l count -d 'Send so many deliveries, each with an id, a timestamp and a signature of its own' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l rate -d 'Begin so many a second, or 30/m, at fixed times, and measure latency from these too; -c 64 unless given [default: as fast as they are answered]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l duration -d 'Begin none after this time; without -n as many as fit' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l duplicate -d 'Send each delivery a second time with this chance: 0.1, or 10%' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l shuffle -d 'Mix the order among so many at a time' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l seed -d 'Make ids, sample values and disorder from this number: the same again' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand send" -l secret-env -d 'Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l secret -d 'The secret itself (shows in the process list); without a value it is asked for' -r
complete -c wh -n "__fish_wh_using_subcommand send" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand send" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand send" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand send" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand send" -l test -d 'Send the platform\'s own test delivery'
complete -c wh -n "__fish_wh_using_subcommand send" -l with-legacy -d 'Send the legacy twin of the event too'
complete -c wh -n "__fish_wh_using_subcommand send" -l force -d 'Send an event that is not in the catalogue, or that the endpoint does not take'
complete -c wh -n "__fish_wh_using_subcommand send" -l no-signature -d 'Sign nothing'
complete -c wh -n "__fish_wh_using_subcommand send" -s k -l insecure -d 'Take any TLS certificate'
complete -c wh -n "__fish_wh_using_subcommand send" -l strict-url -d 'Apply the platform\'s rule for URLs'
complete -c wh -n "__fish_wh_using_subcommand send" -l dry-run -d 'Show the request, the signed bytes and a curl line, and send nothing'
complete -c wh -n "__fish_wh_using_subcommand send" -l list -d 'List the events'
complete -c wh -n "__fish_wh_using_subcommand send" -l retry -d 'Try again as the platform does, at its times, until it is taken or given up'
complete -c wh -n "__fish_wh_using_subcommand send" -l unordered -d 'Do not wait for one delivery to end before the next one to the same endpoint begins'
complete -c wh -n "__fish_wh_using_subcommand send" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand send" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand send" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand trigger" -s u -l url -d 'Where to send it to; 3000, 3000/hooks and localhost:3000 will do' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l endpoint -d 'Endpoint to send to (`wh endpoint list`), with its provider, its secret and its events' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -s d -l data -d 'Your own body: @FILE, `-` for standard input, or the text itself' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l override -d 'Change a value of the body, for example data.total=300' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l add -d 'Add a value to the body' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l remove -d 'Take a value out of the body' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -s H -l header -d 'Header line \'Name: value\', in place of the provider\'s of that name' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l id -d 'Webhook id [default: a new one]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l timestamp -d 'Timestamp, written as it is given; or how far from now: -10m, +1h [default: now]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l attempt -d 'Number of the attempt' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l tamper -d 'Damage the delivery: body, signature, timestamp or secret' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l expect -d 'Answer that is expected: 401, 4xx, `2xx,409`, or `refused` (anything but success)' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l max-attempts -d 'Attempts at most [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l jitter -d 'Let each wait vary by so much of itself, in percent [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l speed -d 'Shorten the waits so many times: 60x makes a minute a second [default: 1x]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l disable-after -d 'Disable the endpoint after so many failures in a row [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -s c -l concurrency -d 'Attempts at the same time, in no order [default: one for each endpoint]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -s n -l count -d 'Send so many deliveries, each with an id, a timestamp and a signature of its own' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l rate -d 'Begin so many a second, or 30/m, at fixed times, and measure latency from these too; -c 64 unless given [default: as fast as they are answered]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l duration -d 'Begin none after this time; without -n as many as fit' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l duplicate -d 'Send each delivery a second time with this chance: 0.1, or 10%' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l shuffle -d 'Mix the order among so many at a time' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l seed -d 'Make ids, sample values and disorder from this number: the same again' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand trigger" -l secret-env -d 'Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l secret -d 'The secret itself (shows in the process list); without a value it is asked for' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand trigger" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand trigger" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand trigger" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand trigger" -l test -d 'Send the platform\'s own test delivery'
complete -c wh -n "__fish_wh_using_subcommand trigger" -l with-legacy -d 'Send the legacy twin of the event too'
complete -c wh -n "__fish_wh_using_subcommand trigger" -l force -d 'Send an event that is not in the catalogue, or that the endpoint does not take'
complete -c wh -n "__fish_wh_using_subcommand trigger" -l no-signature -d 'Sign nothing'
complete -c wh -n "__fish_wh_using_subcommand trigger" -s k -l insecure -d 'Take any TLS certificate'
complete -c wh -n "__fish_wh_using_subcommand trigger" -l strict-url -d 'Apply the platform\'s rule for URLs'
complete -c wh -n "__fish_wh_using_subcommand trigger" -l dry-run -d 'Show the request, the signed bytes and a curl line, and send nothing'
complete -c wh -n "__fish_wh_using_subcommand trigger" -l list -d 'List the events'
complete -c wh -n "__fish_wh_using_subcommand trigger" -l retry -d 'Try again as the platform does, at its times, until it is taken or given up'
complete -c wh -n "__fish_wh_using_subcommand trigger" -l unordered -d 'Do not wait for one delivery to end before the next one to the same endpoint begins'
complete -c wh -n "__fish_wh_using_subcommand trigger" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand trigger" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand trigger" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand trigger" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand listen" -l port -d 'Port; 0 picks a free one [default: 4600]' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l host -d 'Address to bind [default: 127.0.0.1]' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l tls-cert -d 'Speak TLS with this certificate (PEM, those up to its root after it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand listen" -l tls-key -d 'Key of the certificate (PEM)' -r -F
complete -c wh -n "__fish_wh_using_subcommand listen" -s e -l events -d 'Show these events only: globs with commas, `!` takes some out again' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l dedupe -d 'How repeats are known: by the provider\'s id, or by equal bodies' -r -f -a "provider\t'By the provider\'s id'
body\t'By equal bodies'"
complete -c wh -n "__fish_wh_using_subcommand listen" -l respond -d 'Answer what is accepted as this script says: 500x2,429;retry-after=5,200' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -s f -l forward-to -d 'Forward what is accepted, and answer as the target does: 3000, localhost:3000/hooks, /hooks, a URL, or for some events only \'invoice.*,!invoice.draft=3000\'; the first that fits gets it' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -s H -l header -d 'Header line \'Name: value\' for what is forwarded, in place of those of that name' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l forward-timeout -d 'How long a target may take to answer [default: as long as the provider waits]' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l expect -d 'Wait for a delivery that passes this filter, then end; `count:N` in it waits for N of them' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l forbid -d 'End, unmet, as soon as anything passes this filter' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l count -d 'Wait for N deliveries in all; with --expect, for N of each that has no `count:` of its own' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l timeout -d 'How long to wait, from the ready line on [default: without end; after CMD has ended, 5s]' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l junit -d 'Write what was met and what was not to this file, as `JUnit`' -r -F
complete -c wh -n "__fish_wh_using_subcommand listen" -l audit -d 'Judge the sender by a platform\'s rules: fail on purpose, watch, and say what held [default: -P]' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l speed -d 'The sender\'s waits are so many times shorter, as with `wh send --speed 60x` [default: 1x]' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l skip -d 'Leave a rule out, and the deliveries that only it needs; repeat, or separate by commas' -r -f -a "method\t''
content-type\t''
signature\t''
headers\t''
id\t''
attempt-number\t''
body\t''
timestamp\t''
waits\t''
timeout\t''
redirects\t''
retries\t''
stops-at-last\t''
stops-after-success\t''
retry-after\t''
stop-status\t''
stop-header\t''"
complete -c wh -n "__fish_wh_using_subcommand listen" -l tolerance -d 'How far a timestamp may lie from now, or `off` [default: the provider\'s rule]' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l public-url -d 'URL that senders call, where the provider signs it' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand listen" -l secret-env -d 'Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l secret -d 'The secret itself (shows in the process list); without a value it is asked for' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand listen" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand listen" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand listen" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand listen" -l tls -d 'Speak TLS, with a certificate made for localhost and --host'
complete -c wh -n "__fish_wh_using_subcommand listen" -l accept-invalid -d 'Answer 200 whatever the verdict'
complete -c wh -n "__fish_wh_using_subcommand listen" -l no-redact -d 'Write credentials in headers out, in JSON'
complete -c wh -n "__fish_wh_using_subcommand listen" -s k -l insecure -d 'Take any TLS certificate of a target'
complete -c wh -n "__fish_wh_using_subcommand listen" -l once -d 'The same as --count 1'
complete -c wh -n "__fish_wh_using_subcommand listen" -l print-secret -d 'Print the secret as the first line of stdout; without one, make one'
complete -c wh -n "__fish_wh_using_subcommand listen" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand listen" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand listen" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand sign" -l timestamp -d 'Timestamp to sign, written as it is given [default: now]' -r
complete -c wh -n "__fish_wh_using_subcommand sign" -l id -d 'Webhook id to sign or to print' -r
complete -c wh -n "__fish_wh_using_subcommand sign" -l url -d 'URL that is called, where the provider signs it or for `--curl`' -r
complete -c wh -n "__fish_wh_using_subcommand sign" -s H -l header -d 'Header line \'Name: value\' that is signed too' -r
complete -c wh -n "__fish_wh_using_subcommand sign" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand sign" -l secret-env -d 'Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag' -r
complete -c wh -n "__fish_wh_using_subcommand sign" -l secret -d 'The secret itself (shows in the process list); without a value it is asked for' -r
complete -c wh -n "__fish_wh_using_subcommand sign" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand sign" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand sign" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand sign" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand sign" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand sign" -l headers -d 'Print the header lines that a receiver needs, one a line'
complete -c wh -n "__fish_wh_using_subcommand sign" -l curl -d 'Print a curl line that sends the file, signed (`--url` says where to)'
complete -c wh -n "__fish_wh_using_subcommand sign" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand sign" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand sign" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand verify" -l sig -l signature -d 'Value of the signature header, as it came' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -l timestamp -d 'Value of the timestamp header, as it came' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -l id -d 'Webhook id, as it came' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -s H -l header -d 'Header line \'Name: value\' of the delivery, as it came' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -l delivery -d 'Recorded delivery to verify instead of a file: `#1042` or `#` and the beginning of its id, as `wh log` shows them, or a file with its line of `wh listen --json`, or `-` for standard input' -r -F
complete -c wh -n "__fish_wh_using_subcommand verify" -l tolerance -d 'How far the timestamp may lie from now, or `off` [default: the provider\'s rule]' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -l at -d 'Time to judge at: RFC 3339, Unix seconds, or an offset such as -10m [default: now; of a delivery of the store, when it came]' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -l url -d 'URL that was called, where the provider signs it' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand verify" -l secret-env -d 'Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -l secret -d 'The secret itself (shows in the process list); without a value it is asked for' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand verify" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand verify" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand verify" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand verify" -l no-explain -d 'Say only that it is not valid, not why: for many at once'
complete -c wh -n "__fish_wh_using_subcommand verify" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand verify" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand verify" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand log" -l not -d 'Leave out what this term takes; `-KEY:VALUE` does the same' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l event -d 'Events, as globs' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l status -d 'Answers: codes, classes (`5xx`), or `none`' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l outcome -d 'What came of it: success, failed or retrying' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l verdict -d 'What verification found: valid, invalid, stale, ambiguous, unsigned, unchecked or none' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l direction -d 'Who made the request: received or sent' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l since -d 'From this time on: `10m` (ago), RFC 3339 or Unix' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l until -d 'Before this time' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l search -d 'Text that the body holds' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l limit -d 'Attempts to list; 0 prints the summary only [default: 50; with --follow 10]' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l before -d 'List those before this row: the next page' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l after -d 'List those after this row, oldest first' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l wait -d 'Wait for an attempt that passes, recorded after --after ROW or from now on, and print it' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l timeout -d 'How long to wait' -r
complete -c wh -n "__fish_wh_using_subcommand log" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand log" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand log" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand log" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand log" -l summary -d 'Print the summary only, over all that passes'
complete -c wh -n "__fish_wh_using_subcommand log" -l follow -d 'Go on with each attempt as it is recorded, by any process, until interrupted'
complete -c wh -n "__fish_wh_using_subcommand log" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand log" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand log" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand show" -l attempt -d 'Attempt to show, from 1 in the order of recording [default: the last]' -r
complete -c wh -n "__fish_wh_using_subcommand show" -l url -d 'URL for the curl line [default: where it was sent; of what was received, its path on port 3000 of this machine]' -r
complete -c wh -n "__fish_wh_using_subcommand show" -l diff -d 'Compare with another delivery [default: the attempt before, or the delivery before with the same webhook id]' -r
complete -c wh -n "__fish_wh_using_subcommand show" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand show" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand show" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand show" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand show" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand show" -l body -d 'Print the body, byte for byte'
complete -c wh -n "__fish_wh_using_subcommand show" -l headers -d 'Print the header lines; with `--raw`, byte for byte'
complete -c wh -n "__fish_wh_using_subcommand show" -l raw -d 'Print the request as on the wire, byte for byte'
complete -c wh -n "__fish_wh_using_subcommand show" -l answer -d 'The answer instead of the request'
complete -c wh -n "__fish_wh_using_subcommand show" -l curl -d 'Print a curl line that sends the request'
complete -c wh -n "__fish_wh_using_subcommand show" -l no-redact -d 'Write credentials in headers out'
complete -c wh -n "__fish_wh_using_subcommand show" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand show" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand show" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand check" -l endpoint -d 'Endpoint to send to (`wh endpoint list`), with its provider, its secret and its events' -r
complete -c wh -n "__fish_wh_using_subcommand check" -l only -d 'Look at these rules only: ids, groups, or globs over ids; repeat, or separate by commas' -r
complete -c wh -n "__fish_wh_using_subcommand check" -l skip -d 'Leave these rules out' -r
complete -c wh -n "__fish_wh_using_subcommand check" -s H -l header -d 'Header line \'Name: value\' of every request, such as the login of a staging server' -r
complete -c wh -n "__fish_wh_using_subcommand check" -l timeout -d 'How long an answer is waited for [default: a little longer than the platform does]' -r
complete -c wh -n "__fish_wh_using_subcommand check" -l effects -d 'What counts the side effects: a URL that answers a number, or a command that prints one' -r
complete -c wh -n "__fish_wh_using_subcommand check" -l junit -d 'Write each rule to this file, as `JUnit`' -r -F
complete -c wh -n "__fish_wh_using_subcommand check" -l baseline -d 'File of failures that are known, an id on each line: they fail nothing' -r -F
complete -c wh -n "__fish_wh_using_subcommand check" -l write-baseline -d 'Write such a file, of all that fails now' -r -F
complete -c wh -n "__fish_wh_using_subcommand check" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand check" -l secret-env -d 'Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag' -r
complete -c wh -n "__fish_wh_using_subcommand check" -l secret -d 'The secret itself (shows in the process list); without a value it is asked for' -r
complete -c wh -n "__fish_wh_using_subcommand check" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand check" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand check" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand check" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand check" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand check" -l quick -d 'Leave out what takes long, and be done within seconds'
complete -c wh -n "__fish_wh_using_subcommand check" -l list -d 'List the rules with their requests, and check nothing; with -v, why each is one'
complete -c wh -n "__fish_wh_using_subcommand check" -s k -l insecure -d 'Take any TLS certificate'
complete -c wh -n "__fish_wh_using_subcommand check" -s y -l yes -d 'Do not ask before a receiver on another machine is checked'
complete -c wh -n "__fish_wh_using_subcommand check" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand check" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand check" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand replay" -l last -d 'Only the newest N of them' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l timings -d 'When a failed one is tried again: at the platform\'s times, or not at all' -r -f -a "production\t'At the platform\'s times'
once\t'Not at all'"
complete -c wh -n "__fish_wh_using_subcommand replay" -s u -l url -d 'Where to send to [default: where it went before; 3000, 3000/hooks and localhost:3000 will do]' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l endpoint -d 'Endpoint to send to (`wh endpoint list`), with its provider, its secret and its events' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -s H -l header -d 'Header line \'Name: value\', in place of those of that name' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l expect -d 'Answer that is expected: 401, 4xx, `2xx,409`, or `refused` (anything but success)' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand replay" -l secret-env -d 'Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l secret -d 'The secret itself (shows in the process list); without a value it is asked for' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l max-attempts -d 'Attempts at most [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l jitter -d 'Let each wait vary by so much of itself, in percent [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l speed -d 'Shorten the waits so many times: 60x makes a minute a second [default: 1x]' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l disable-after -d 'Disable the endpoint after so many failures in a row [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -s c -l concurrency -d 'Attempts at the same time, in no order [default: one for each endpoint]' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l not -d 'Leave out what this term takes; `-KEY:VALUE` does the same' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l event -d 'Events, as globs' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l status -d 'Answers: codes, classes (`5xx`), or `none`' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l outcome -d 'What came of it: success, failed or retrying' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l verdict -d 'What verification found: valid, invalid, stale, ambiguous, unsigned, unchecked or none' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l direction -d 'Who made the request: received or sent' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l since -d 'From this time on: `10m` (ago), RFC 3339 or Unix' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l until -d 'Before this time' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l search -d 'Text that the body holds' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand replay" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand replay" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand replay" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand replay" -l keep-signature -d 'Send the message as it was, signature and timestamp too: a receiver may find it stale'
complete -c wh -n "__fish_wh_using_subcommand replay" -l new-id -d 'Send it as a new delivery, with a webhook id of its own'
complete -c wh -n "__fish_wh_using_subcommand replay" -l edit -d 'Change the body first, in the editor that VISUAL or EDITOR names'
complete -c wh -n "__fish_wh_using_subcommand replay" -s y -l yes -d 'Do not ask before several are sent'
complete -c wh -n "__fish_wh_using_subcommand replay" -l resume -d 'Go on with what `wh send --retry` and `wh replay` left unfinished when they ended'
complete -c wh -n "__fish_wh_using_subcommand replay" -l discard -d 'Give up what is unfinished: no more attempts are made of it'
complete -c wh -n "__fish_wh_using_subcommand replay" -s k -l insecure -d 'Take any TLS certificate'
complete -c wh -n "__fish_wh_using_subcommand replay" -l strict-url -d 'Apply the platform\'s rule for URLs'
complete -c wh -n "__fish_wh_using_subcommand replay" -l allow-self -d 'Send to a listener of `wh` too'
complete -c wh -n "__fish_wh_using_subcommand replay" -l include-tests -d 'Test deliveries too, which a platform of live ones does not send again'
complete -c wh -n "__fish_wh_using_subcommand replay" -l dry-run -d 'Show what would be sent, and send nothing'
complete -c wh -n "__fish_wh_using_subcommand replay" -l unordered -d 'Do not wait for one delivery to end before the next one to the same endpoint begins'
complete -c wh -n "__fish_wh_using_subcommand replay" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand replay" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand replay" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand resend" -l last -d 'Only the newest N of them' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l timings -d 'When a failed one is tried again: at the platform\'s times, or not at all' -r -f -a "production\t'At the platform\'s times'
once\t'Not at all'"
complete -c wh -n "__fish_wh_using_subcommand resend" -s u -l url -d 'Where to send to [default: where it went before; 3000, 3000/hooks and localhost:3000 will do]' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l endpoint -d 'Endpoint to send to (`wh endpoint list`), with its provider, its secret and its events' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -s H -l header -d 'Header line \'Name: value\', in place of those of that name' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l expect -d 'Answer that is expected: 401, 4xx, `2xx,409`, or `refused` (anything but success)' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand resend" -l secret-env -d 'Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l secret -d 'The secret itself (shows in the process list); without a value it is asked for' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l max-attempts -d 'Attempts at most [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l jitter -d 'Let each wait vary by so much of itself, in percent [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l speed -d 'Shorten the waits so many times: 60x makes a minute a second [default: 1x]' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l disable-after -d 'Disable the endpoint after so many failures in a row [default: as the platform]' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -s c -l concurrency -d 'Attempts at the same time, in no order [default: one for each endpoint]' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l not -d 'Leave out what this term takes; `-KEY:VALUE` does the same' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l event -d 'Events, as globs' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l status -d 'Answers: codes, classes (`5xx`), or `none`' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l outcome -d 'What came of it: success, failed or retrying' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l verdict -d 'What verification found: valid, invalid, stale, ambiguous, unsigned, unchecked or none' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l direction -d 'Who made the request: received or sent' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l since -d 'From this time on: `10m` (ago), RFC 3339 or Unix' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l until -d 'Before this time' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l search -d 'Text that the body holds' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand resend" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand resend" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand resend" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand resend" -l keep-signature -d 'Send the message as it was, signature and timestamp too: a receiver may find it stale'
complete -c wh -n "__fish_wh_using_subcommand resend" -l new-id -d 'Send it as a new delivery, with a webhook id of its own'
complete -c wh -n "__fish_wh_using_subcommand resend" -l edit -d 'Change the body first, in the editor that VISUAL or EDITOR names'
complete -c wh -n "__fish_wh_using_subcommand resend" -s y -l yes -d 'Do not ask before several are sent'
complete -c wh -n "__fish_wh_using_subcommand resend" -l resume -d 'Go on with what `wh send --retry` and `wh replay` left unfinished when they ended'
complete -c wh -n "__fish_wh_using_subcommand resend" -l discard -d 'Give up what is unfinished: no more attempts are made of it'
complete -c wh -n "__fish_wh_using_subcommand resend" -s k -l insecure -d 'Take any TLS certificate'
complete -c wh -n "__fish_wh_using_subcommand resend" -l strict-url -d 'Apply the platform\'s rule for URLs'
complete -c wh -n "__fish_wh_using_subcommand resend" -l allow-self -d 'Send to a listener of `wh` too'
complete -c wh -n "__fish_wh_using_subcommand resend" -l include-tests -d 'Test deliveries too, which a platform of live ones does not send again'
complete -c wh -n "__fish_wh_using_subcommand resend" -l dry-run -d 'Show what would be sent, and send nothing'
complete -c wh -n "__fish_wh_using_subcommand resend" -l unordered -d 'Do not wait for one delivery to end before the next one to the same endpoint begins'
complete -c wh -n "__fish_wh_using_subcommand resend" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand resend" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand resend" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand resend" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand retry" -s u -l url -d 'Where to send to [default: where it went before; 3000, 3000/hooks and localhost:3000 will do]' -r
complete -c wh -n "__fish_wh_using_subcommand retry" -l endpoint -d 'Endpoint to send to (`wh endpoint list`), with its provider, its secret and its events' -r
complete -c wh -n "__fish_wh_using_subcommand retry" -s H -l header -d 'Header line \'Name: value\', in place of those of that name' -r
complete -c wh -n "__fish_wh_using_subcommand retry" -l expect -d 'Answer that is expected: 401, 4xx, `2xx,409`, or `refused` (anything but success)' -r
complete -c wh -n "__fish_wh_using_subcommand retry" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand retry" -l secret-env -d 'Variable that holds the secret; `WH_SECRET` and `WH_SECRET_FILE` need no flag' -r
complete -c wh -n "__fish_wh_using_subcommand retry" -l secret -d 'The secret itself (shows in the process list); without a value it is asked for' -r
complete -c wh -n "__fish_wh_using_subcommand retry" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand retry" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand retry" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand retry" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand retry" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand retry" -s k -l insecure -d 'Take any TLS certificate'
complete -c wh -n "__fish_wh_using_subcommand retry" -l strict-url -d 'Apply the platform\'s rule for URLs'
complete -c wh -n "__fish_wh_using_subcommand retry" -l allow-self -d 'Send to a listener of `wh` too'
complete -c wh -n "__fish_wh_using_subcommand retry" -l include-tests -d 'Test deliveries too, which a platform of live ones does not send again'
complete -c wh -n "__fish_wh_using_subcommand retry" -l dry-run -d 'Show what would be sent, and send nothing'
complete -c wh -n "__fish_wh_using_subcommand retry" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand retry" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand retry" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -f -a "add" -d 'Keep a destination under a name'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -f -a "list" -d 'List every endpoint'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -f -a "show" -d 'Show one, with the rule by which it is disabled'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -f -a "enable" -d 'Give endpoints deliveries again, and count their failures from 0'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -f -a "disable" -d 'Give endpoints no deliveries until they are enabled'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and not __fish_seen_subcommand_from add list show enable disable remove" -f -a "remove" -d 'Remove an endpoint; what was sent to it stays in the log'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -s u -l url -d 'Where it is; 3000, 3000/hooks and localhost:3000 will do' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -s e -l events -d 'Events that it takes: globs with commas, `!` takes some out again [default: all]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l disable-after -d 'Disable it after so many failures in a row [default: the provider\'s rule]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l secret-file -d 'File that holds the secret (one newline at its end is not part of it)' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l secret-env -d 'Variable that holds the secret' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l secret -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l strict-url -d 'Apply the platform\'s rule for URLs'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from list" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from list" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from list" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from list" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from list" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from list" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from list" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from show" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from show" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from show" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from show" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from show" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from show" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from show" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from enable" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from enable" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from enable" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from enable" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from enable" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from enable" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from enable" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from enable" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from enable" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from disable" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from disable" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from disable" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from disable" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from disable" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from disable" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from disable" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from disable" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from disable" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Do not ask'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand endpoint; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -f -a "list" -d 'List every provider'
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -f -a "show" -d 'Show the rules of one'
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -f -a "validate" -d 'Check a provider file and tell everything that is wrong with it'
complete -c wh -n "__fish_wh_using_subcommand provider; and not __fish_seen_subcommand_from list show validate new" -f -a "new" -d 'Write a new provider file, ready to be filled in'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from list" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from list" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from list" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from list" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from list" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from list" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from list" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -l toml -d 'Print its file instead, to start your own from'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from validate" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from validate" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from validate" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from validate" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from validate" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from validate" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from validate" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from validate" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -s o -l output -d 'Where to write it, or `-` for standard output [default: your providers directory]' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand provider; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand events" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand events" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand events" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand events" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand events" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand events" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand events" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand events" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand events" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand export" -l not -d 'Leave out what this term takes; `-KEY:VALUE` does the same' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l event -d 'Events, as globs' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l status -d 'Answers: codes, classes (`5xx`), or `none`' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l outcome -d 'What came of it: success, failed or retrying' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l verdict -d 'What verification found: valid, invalid, stale, ambiguous, unsigned, unchecked or none' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l direction -d 'Who made the request: received or sent' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l since -d 'From this time on: `10m` (ago), RFC 3339 or Unix' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l until -d 'Before this time' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l search -d 'Text that the body holds' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l format -d 'What to write' -r -f -a "jsonl\t'One JSON object a line; `wh import` reads it'
har\t'HTTP Archive 1.2, which browsers and proxies read; `wh import` too'
csv\t'Rows for a spreadsheet'
curl\t'A shell script of curl lines'"
complete -c wh -n "__fish_wh_using_subcommand export" -s o -l output -d 'File to write, which must not be there yet [default: standard output]' -r -F
complete -c wh -n "__fish_wh_using_subcommand export" -l url -d 'URL for the curl lines [default: where it was sent; what was received, to localhost:3000]' -r
complete -c wh -n "__fish_wh_using_subcommand export" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand export" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand export" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand export" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand export" -l force -d 'Put the file in the place of one that is there'
complete -c wh -n "__fish_wh_using_subcommand export" -l no-redact -d 'Leave credentials in'
complete -c wh -n "__fish_wh_using_subcommand export" -l bodies -d 'Bodies too, as text or base64 (with --format csv)'
complete -c wh -n "__fish_wh_using_subcommand export" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand export" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand export" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand import" -l format -d 'What it holds [default: told from how it begins]' -r -f -a "jsonl\t'JSON lines'
har\t'HTTP Archive 1.2'"
complete -c wh -n "__fish_wh_using_subcommand import" -l direction -d 'Who made the requests of a HAR: received (they came to the receiver) or sent' -r -f -a "received\t''
sent\t''"
complete -c wh -n "__fish_wh_using_subcommand import" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand import" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand import" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand import" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand import" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand import" -l skip-invalid -d 'Go on after what cannot be read'
complete -c wh -n "__fish_wh_using_subcommand import" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand import" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand import" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand prune" -l older-than -d 'Delete those whose last attempt is older' -r
complete -c wh -n "__fish_wh_using_subcommand prune" -l keep -d 'Delete all but the newest N' -r
complete -c wh -n "__fish_wh_using_subcommand prune" -l max-size -d 'Delete the oldest until the store is no larger' -r
complete -c wh -n "__fish_wh_using_subcommand prune" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand prune" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand prune" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand prune" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand prune" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand prune" -l all -d 'Delete all'
complete -c wh -n "__fish_wh_using_subcommand prune" -l dry-run -d 'Say what would go, and delete nothing'
complete -c wh -n "__fish_wh_using_subcommand prune" -s y -l yes -d 'Do not ask'
complete -c wh -n "__fish_wh_using_subcommand prune" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand prune" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand prune" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand doctor" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand doctor" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand doctor" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand doctor" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand doctor" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand doctor" -l full -d 'Read all of the store, however large it is'
complete -c wh -n "__fish_wh_using_subcommand doctor" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand doctor" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand doctor" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wh -n "__fish_wh_using_subcommand completions" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand completions" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand completions" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand completions" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand completions" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand completions" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand completions" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand completions" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand completions" -s h -l help -d 'Print help'
complete -c wh -n "__fish_wh_using_subcommand man" -s P -l provider -d 'Provider whose rules hold (`wh provider list`); `listen` takes several, or `auto` [default: cepro]' -r
complete -c wh -n "__fish_wh_using_subcommand man" -l provider-file -d 'Provider file to use instead' -r -F
complete -c wh -n "__fish_wh_using_subcommand man" -l store -d 'File in which deliveries are kept, or `none` [default: in your data directory]' -r
complete -c wh -n "__fish_wh_using_subcommand man" -l color -d 'Colour: auto, always or never' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c wh -n "__fish_wh_using_subcommand man" -l config -d 'Settings file to use instead of ./wh.toml and the user\'s' -r -F
complete -c wh -n "__fish_wh_using_subcommand man" -l json -d 'JSON on standard output'
complete -c wh -n "__fish_wh_using_subcommand man" -s q -l quiet -d 'Fewer words: no remarks, no bodies'
complete -c wh -n "__fish_wh_using_subcommand man" -s v -l verbose -d 'More words: header lines too'
complete -c wh -n "__fish_wh_using_subcommand man" -s h -l help -d 'Print help'
