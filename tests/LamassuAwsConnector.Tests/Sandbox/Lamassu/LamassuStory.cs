using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>Does with a stand-in, once for all shape tests, what was done with real Lamassu when it was recorded.</summary>
public sealed class LamassuStory : IAsyncLifetime
{
    private const string ConnectorKey = "/lamassu.io~1iot~1aws.123456789012";

    private readonly Lazy<Task<LamassuHarness>> harness = new(() => LamassuHarness.StartAsync());

    internal IReadOnlyCollection<Answer> Answers { get; private set; } = [];

    internal IReadOnlyCollection<PublishedEvent> Published { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var lamassu = await harness.Value;
        await CasAsync(lamassu);
        await DevicesAsync(lamassu);
        await CertificatesAsync(lamassu);
        await SlotsAsync(lamassu);
        await EndsAsync(lamassu);
        Answers = lamassu.Answers;
        Published = lamassu.Published;
    }

    public async ValueTask DisposeAsync() => await (await harness.Value).DisposeAsync();

    private static async Task CasAsync(LamassuHarness lamassu)
    {
        var profile = await lamassu.CreateProfileAsync();
        await lamassu.CA("GET", "/v1/profiles");
        await lamassu.CreateCAAsync("ca-plain");
        await lamassu.CreateCAAsync("ca-prim");
        await lamassu.CreateCAAsync("ca-sub", "ca-plain");
        await lamassu.CA("POST", "/v1/cas/import", LamassuBodies.Import("ca-imp", profile, withKey: true));
        await lamassu.CA("POST", "/v1/cas/import", LamassuBodies.Import("ca-ext", profile, withKey: false));
        var registration = new JsonObject
        {
            ["registration"] = new JsonObject { ["status"] = "REQUESTED", ["primary_account"] = true, ["registration_request_time"] = "2026-11-23T13:54:40Z" },
        };
        await lamassu.CA("PUT", "/v1/cas/ca-plain/metadata", LamassuBodies.Patches(LamassuBodies.Patch("add", ConnectorKey, registration)));
        await lamassu.CA("GET", "/v1/cas/ca-prim");
        await lamassu.SignAsync("ca-plain", "a45e3b121b1dadd8");
        await lamassu.CA("POST", "/v1/cas/ca-imp/certificates/sign", LamassuBodies.Sign(LamassuBodies.Csr("code")));
    }

    private static async Task DevicesAsync(LamassuHarness lamassu)
    {
        await lamassu.Dms("POST", "/v1/dms", LamassuBodies.Dms("dms-auto", "ca-prim", lamassu.ProfileId));
        var dms = (await lamassu.Dms("GET", "/v1/dms/dms-auto")).Json;
        await lamassu.Dms("PUT", "/v1/dms/dms-auto", dms);
        var bare = LamassuBodies.Device("dev-api", "dms-auto");
        bare.Remove("tags");
        bare.Remove("metadata");
        await lamassu.Devices("POST", "/v1/devices", bare);
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("dev-pre", "dms-other"));
        await lamassu.Dms("POST", "/v1/dms/bind-identity", LamassuBodies.Bind("dev-api", await lamassu.SignAsync("ca-prim", "dev-api")));
        await lamassu.EstAsync("dms-auto", "simpleenroll", "dev-1");
        await lamassu.EstAsync("dms-auto", "simplereenroll", "dev-1");
        var registered = new JsonObject { ["thing_registered"] = true, ["actions"] = new JsonArray() };
        await lamassu.Devices("PUT", "/v1/devices/dev-1/metadata", LamassuBodies.Patches(LamassuBodies.Patch("add", ConnectorKey, registered)));
        await lamassu.Devices(
            "PATCH",
            "/v1/devices/dev-1/metadata",
            LamassuBodies.Patches(LamassuBodies.Patch("add", ConnectorKey + "/actions", new JsonArray("UPDATE_CERTIFICATE"))));
        await lamassu.Devices("GET", "/v1/devices/dms/dms-auto?sort_mode=desc");
        await lamassu.StandIn.WhenQuietAsync();
    }

    private static async Task CertificatesAsync(LamassuHarness lamassu)
    {
        var serialNumber = lamassu.SerialNumberOf("dev-1");
        var arn = new JsonObject { ["arn"] = "arn:aws:iot:eu-west-1:123456789012:cert/1" };
        await lamassu.CA(
            "PUT", $"/v1/certificates/{serialNumber}/metadata", LamassuBodies.Patches(LamassuBodies.Patch("add", ConnectorKey, arn)));
        var deltas = new JsonArray(
            new JsonObject { ["delta"] = "30d", ["name"] = "Preventive", ["triggered"] = true },
            new JsonObject { ["delta"] = "7d", ["name"] = "Critical", ["triggered"] = false });
        await lamassu.CA(
            "PATCH",
            $"/v1/certificates/{serialNumber}/metadata",
            LamassuBodies.Patches(LamassuBodies.Patch("add", "/lamassu.io~1ca~1expiration-deltas", deltas)));
        await lamassu.StandIn.WhenQuietAsync();
        await lamassu.StandIn.RunExpiryMonitorAsync(lamassu.Time.GetUtcNow().AddDays(360), TestContext.Current.CancellationToken);
        await lamassu.StandIn.WhenQuietAsync();
        await lamassu.CA("PUT", $"/v1/certificates/{serialNumber}/status", LamassuBodies.Status("REVOKED", "KeyCompromise"));
        await lamassu.CA("PUT", $"/v1/certificates/{serialNumber}/status", LamassuBodies.Status("REVOKED", "KeyCompromise"));
        await lamassu.StandIn.WhenQuietAsync();
    }

    private static async Task SlotsAsync(LamassuHarness lamassu)
    {
        var device = (await lamassu.Devices("GET", "/v1/devices/dev-1")).Json;
        await lamassu.Devices("PUT", "/v1/devices/dev-1/idslot", device["identity"]!.DeepClone());
    }

    private static async Task EndsAsync(LamassuHarness lamassu)
    {
        await lamassu.Devices("DELETE", "/v1/devices/dev-api/decommission");
        await lamassu.StandIn.WhenQuietAsync();
        await lamassu.Devices("DELETE", "/v1/devices/dev-api");
        await lamassu.Dms("DELETE", "/v1/dms/dms-auto");
        await lamassu.CA("POST", "/v1/cas/ca-plain/reissue", new JsonObject());
        await lamassu.CA("POST", "/v1/cas/ca-plain/status", LamassuBodies.Status("REVOKED", "CACompromise"));
        await lamassu.CA("DELETE", "/v1/cas/ca-imp");
    }
}
