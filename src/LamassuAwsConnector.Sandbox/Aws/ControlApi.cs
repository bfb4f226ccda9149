using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>
/// Under <c>/_control/</c>, unsigned: how the stand-in shall behave, what it was called for, what it holds. Wrong input is answered with 400 and a reason.
/// </summary>
internal sealed class ControlApi(StandInState standIn, Limits limits, Switches switches, CallLog log, TimeProvider timeProvider)
{
    public const string Root = "/_control/";

    private static JsonObject Done => [];

    public async Task HandleAsync(HttpContext context, string path, byte[] payload)
    {
        var (status, answer) = (200, Done);
        try
        {
            var body = payload.Length == 0 ? [] : Json.ParseObject(Encoding.UTF8.GetString(payload)) ?? throw Refuse("The body is no JSON object");
            answer = Answer(context.Request, path, body) ?? throw new AwsException("NotFound", 404, $"There is no {context.Request.Method} {Root}{path}");
        }
        catch (AwsException exception)
        {
            (status, answer) = (exception.Status == 404 ? 404 : 400, new JsonObject { ["reason"] = exception.Message });
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private JsonObject? Answer(HttpRequest request, string path, JsonObject body) =>
        (request.Method, path.Split('/')) switch
        {
            ("GET", ["calls"]) => log.WriteCalls(),
            ("GET", ["counts"]) => log.WriteCounts(),
            ("DELETE", ["calls"]) => Do(log.Clear),
            ("GET", ["state"]) => Dump(request.Query["region"]),
            ("POST", ["reset"]) => Do(Reset),
            ("PUT", ["latency"]) => SetLatency(body),
            ("PUT", ["limits"]) => SetLimits(body),
            ("POST", ["failures"]) => AddFailures(body),
            ("DELETE", ["failures"]) => Do(switches.ClearFailures),
            ("POST", ["drops"]) => AddDrops(body),
            ("PUT", ["verification-keys", var id]) => SetVerificationKey(id, body),
            ("DELETE", ["verification-keys", var id]) => Do(() => standIn.VerificationKeys.TryRemove(id, out _)),
            ("PUT", ["permissions"]) => SetPermissions(body),
            ("PUT", ["clock"]) => SetClock(body),
            ("PUT", ["session-lifetime"]) => SetSessionLifetime(body),
            ("POST", ["other-accounts"]) => AddOtherAccount(body),
            ("POST", ["connect"]) => Connect(body),
            ("POST", ["disconnect"]) => Disconnect(body),
            _ => null,
        };

    private static JsonObject Do(Action action)
    {
        action();
        return Done;
    }

    private void Reset()
    {
        standIn.Reset();
        switches.Reset();
        log.Clear();
        limits.Configure(new Dictionary<string, int>(), ofOneSecond: true);
    }

    private JsonObject Dump(string? region)
    {
        if (region is not null)
        {
            return standIn.KnownRegion(region) is { } state ? StateDump.Write(state) : [];
        }

        return new JsonObject(standIn.Regions.Select(state => KeyValuePair.Create(state.Region, (JsonNode?)StateDump.Write(state))));
    }

    private JsonObject SetLatency(JsonObject body)
    {
        Allow(body, "milliseconds");
        switches.Latency = TimeSpan.FromMilliseconds(Required(body, "milliseconds", least: 0));
        return Done;
    }

    private JsonObject SetLimits(JsonObject body)
    {
        Allow(body, "preset", "burst", "operations");
        var rates = (body.Text("preset") ?? "none") switch
        {
            "aws" => QuotaPreset.Aws.ToDictionary(StringComparer.Ordinal),
            "none" => new Dictionary<string, int>(StringComparer.Ordinal),
            var other => throw Refuse($"preset is aws or none, not {other}"),
        };
        var ofOneSecond = (body.Text("burst") ?? "second") switch
        {
            "second" => true,
            "token" => false,
            var other => throw Refuse($"burst is second or token, not {other}"),
        };
        var operations = body.Object("operations") ?? [];
        foreach (var name in operations.Select(operation => operation.Key))
        {
            rates[QuotaPreset.Quotas.Contains(name) ? name : throw Refuse($"There is no operation {name}")] = Required(operations, name, least: 1);
        }

        limits.Configure(rates, ofOneSecond);
        return Done;
    }

    private JsonObject AddFailures(JsonObject body)
    {
        Allow(body, "operation", "count", "after", "error", "status", "message");
        var error = body.Text("error") ?? "InternalFailureException";
        var status = body.Integer("status") is null ? ErrorStatuses.Of(error) : Required(body, "status", least: 400, most: 599);
        switches.AddFailures(
            ReadOperation(body),
            Required(body, "count", least: 1, most: 100_000),
            body.Integer("after") is null ? 0 : Required(body, "after", least: 0, most: 100_000),
            new AwsException(error, status, body.Text("message") ?? "Told to fail")
        );
        return Done;
    }

    private JsonObject AddDrops(JsonObject body)
    {
        Allow(body, "operation", "count", "after");
        var drop = body.Boolean("after") == true ? Drop.AfterTheChange : Drop.BeforeTheChange;
        switches.AddDrops(ReadOperation(body), Required(body, "count", least: 1, most: 100_000), drop);
        return Done;
    }

    private JsonObject SetPermissions(JsonObject body)
    {
        Allow(body, "connector_policy", "jitp_role_policy");
        switches.CallersPermissions = body.Object("connector_policy") is { } policy ? Permissions.Parse(policy) : null;
        switches.ProvisioningRole = body.Object("jitp_role_policy") is { } role ? Permissions.Parse(role) : null;
        return Done;
    }

    private JsonObject SetVerificationKey(string id, JsonObject body)
    {
        Allow(body, "public_key_pem");
        Names.CertificateId(id);
        var pem = body.RequiredText("public_key_pem").Trim();
        try
        {
            var key =
                PemEncoding.TryFind(pem, out var fields) && pem[fields.Label] == "PUBLIC KEY"
                    ? Convert.FromBase64String(pem[fields.Base64Data])
                    : throw Refuse("public_key_pem is no PUBLIC KEY in PEM");
            PublicKey.CreateFromSubjectPublicKeyInfo(key, out _);
            standIn.VerificationKeys[id] = key;
        }
        catch (CryptographicException exception)
        {
            throw Refuse($"public_key_pem cannot be read: {exception.Message}");
        }

        return Done;
    }

    private JsonObject SetSessionLifetime(JsonObject body)
    {
        Allow(body, "milliseconds");
        standIn.Sessions.Lifetime = TimeSpan.FromMilliseconds(Required(body, "milliseconds", least: 1));
        return Done;
    }

    private JsonObject SetClock(JsonObject body)
    {
        Allow(body, "now");
        if (!body.ContainsKey("now"))
        {
            throw Refuse("now is missing; null takes the real time again");
        }

        standIn.Clock = body.Text("now") is { } text
            ? DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now)
                ? now
                : throw Refuse($"'{text}' is no time")
            : null;
        return Done;
    }

    private JsonObject AddOtherAccount(JsonObject body)
    {
        Allow(body, "ca_certificate_id");
        standIn.CAsOfOtherAccounts[Names.CertificateId(body.RequiredText("ca_certificate_id"), "ca_certificate_id")] = true;
        return Done;
    }

    private JsonObject Connect(JsonObject body)
    {
        Allow(body, "client_id", "certificate_pem", "region");
        var clientId = Names.ClientId(body.RequiredText("client_id"));
        var certificate = CertificateData.Parse(body.RequiredText("certificate_pem"), "certificate_pem");
        if (
            RegionOf(body, state => state.Certificates.ContainsKey(certificate.Id) || JustInTimeProvisioning.Admitting(state, certificate) is not null)
            is not { } state
        )
        {
            return new JsonObject
            {
                ["connected"] = false,
                ["reason"] = "the certificate is unknown, and no active CA with auto registration signed it",
                ["thing_name"] = null,
            };
        }

        lock (state.Gate)
        {
            var now = timeProvider.GetUtcNow();
            // What a first connection registers counts against the quotas too.
            var context = new ProvisioningContext(
                state,
                now,
                standIn.Clock ?? now,
                operation =>
                {
                    switches.ProvisioningRole?.Demand(operation, state.Region);
                    if (!limits.TryTake(state.Region, operation))
                    {
                        throw AwsException.Throttling(AwsService.Iot);
                    }
                }
            );
            var refusal = Connections.Connect(context, clientId, certificate);
            var thing = state.Certificates.TryGetValue(certificate.Id, out var known) ? Connections.ThingOf(known) : null;
            return new JsonObject
            {
                ["connected"] = refusal is null,
                ["reason"] = refusal,
                ["thing_name"] = thing,
            };
        }
    }

    private JsonObject Disconnect(JsonObject body)
    {
        Allow(body, "client_id", "region");
        var clientId = Names.ClientId(body.RequiredText("client_id"));
        var state = RegionOf(body, state => state.Connections.GetValueOrDefault(clientId) is { Connected: true });
        lock (state?.Gate ?? new Lock())
        {
            return state is not null && Connections.Disconnect(state, clientId, "CLIENT_INITIATED_DISCONNECT", timeProvider.GetUtcNow())
                ? Done
                : throw Refuse($"Client {clientId} is not connected");
        }
    }

    // A device knows its region by the host it connects to; here it may be left out while one region alone fits.
    private RegionState? RegionOf(JsonObject body, Func<RegionState, bool> fits)
    {
        if (body.Text("region") is { } name)
        {
            return standIn.KnownRegion(name);
        }

        var found = standIn
            .Regions.Where(state =>
            {
                lock (state.Gate)
                {
                    return fits(state);
                }
            })
            .ToList();
        return found.Count > 1 ? throw Refuse("Several regions fit; name the region") : found.SingleOrDefault();
    }

    private static string ReadOperation(JsonObject body)
    {
        var name = body.RequiredText("operation");
        return name == Switches.AnyOperation || Routes.Operations.Any(operation => operation.Name == name)
            ? name
            : throw Refuse($"There is no operation {name}");
    }

    private static int Required(JsonObject body, string name, int least, int most = int.MaxValue) =>
        body.Integer(name) is { } value && value >= least && value <= most ? (int)value : throw Refuse($"{name} is a number from {least} to {most}");

    private static void Allow(JsonObject body, params string[] members) => body.AllowOnly(members.ToHashSet(StringComparer.Ordinal), "This call", Refuse);

    private static AwsException Refuse(string reason) => AwsException.InvalidRequest(reason);
}
