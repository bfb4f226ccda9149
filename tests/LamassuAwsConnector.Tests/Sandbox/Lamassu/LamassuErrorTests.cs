using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

public sealed class LamassuErrorTests
{
    private const string Patch = """{"patches":[]}""";
    private const string Revoke = """{"status":"REVOKED"}""";

    /// <summary>Service, method, path, body; the answer with the bus on; the answer with the bus off.</summary>
    public static TheoryData<string, string, string, string, string, string> MissingObjects => new()
    {
        { "ca", "GET", "/v1/cas/x", "", "404 CA not found", "404 CA not found" },
        { "ca", "PUT", "/v1/cas/x/metadata", Patch, "500 mw error: could not get CA x: CA not found", "404 CA not found" },
        { "ca", "PATCH", "/v1/cas/x/metadata", Patch, "500 mw error: could not get CA x: CA not found", "404 CA not found" },
        { "ca", "POST", "/v1/cas/x/status", Revoke, "500 mw error: could not get CA x: CA not found", "404 CA not found" },
        { "ca", "POST", "/v1/cas/x/reissue", "{}", "500 mw error: could not get CA x: CA not found", "404 CA not found" },
        { "ca", "DELETE", "/v1/cas/x", "", "404 CA not found", "404 CA not found" },
        { "ca", "GET", "/v1/cas/x/certificates", "", "404 CA not found", "404 CA not found" },
        { "ca", "GET", "/v1/certificates/x", "", "404 certificate not found", "404 certificate not found" },
        { "ca", "PUT", "/v1/certificates/x/status", Revoke, "500 mw error: could not get Certificate x: certificate not found", "404 certificate not found" },
        { "ca", "PUT", "/v1/certificates/x/metadata", Patch, "500 mw error: could not get Certificate x: certificate not found", "404 certificate not found" },
        { "ca", "GET", "/v1/profiles/x", "", "500 issuance profile not found", "500 issuance profile not found" },
        { "ca", "PUT", "/v1/profiles/x", "{}", "500 mw error: could not get IssuanceProfile x: issuance profile not found", "500 issuance profile not found" },
        { "devices", "GET", "/v1/devices/x", "", "400 device not found", "400 device not found" },
        { "devices", "PUT", "/v1/devices/x/metadata", Patch, "500 {}", "500 {}" },
        { "devices", "PUT", "/v1/devices/x/idslot", """{"status":"ACTIVE","events":{}}""", "500 {}", "500 {}" },
        { "devices", "DELETE", "/v1/devices/x/decommission", "", "500 {}", "500 {}" },
        { "devices", "DELETE", "/v1/devices/x", "", "404 device not found", "404 device not found" },
        { "dms", "GET", "/v1/dms/x", "", "500 {}", "500 {}" },
        { "dms", "PUT", "/v1/dms/x", """{"id":"x"}""", "500 mw error: could not get DMS x: DMS not found", "500 DMS not found" },
        { "dms", "PUT", "/v1/dms/x", "{}", "500 mw error: could not get DMS : struct validation error", "500 DMS not found" },
        { "dms", "PUT", "/v1/dms/x/metadata", Patch, "500 mw error: could not get DMS x: DMS not found", "0 " },
        { "dms", "DELETE", "/v1/dms/x", "", "404 DMS not found", "404 DMS not found" },
        { "dms", "POST", "/v1/dms/bind-identity", """{"device_id":"x"}""", "500 {}", "500 {}" },
    };

    [Theory]
    [MemberData(nameof(MissingObjects))]
    public async Task Not_found_has_many_faces(string service, string method, string path, string body, string busOn, string busOff)
    {
        foreach (var (publishes, expected) in new[] { (true, busOn), (false, busOff) })
        {
            await using var lamassu = await LamassuHarness.StartAsync(new() { PublishesEvents = publishes });
            var answer = await Ask(lamassu, service)(method, path, body.Length == 0 ? null : JsonNode.Parse(body), []);

            Assert.Equal(expected, $"{answer.Status} {(answer.Text.Contains("err", StringComparison.Ordinal) ? answer.Error : answer.Text)}");
            Assert.DoesNotContain(lamassu.Published, message => !message.Type.EndsWith(".error", StringComparison.Ordinal));
            Assert.True(publishes || lamassu.Published.IsEmpty);
        }
    }

    [Fact]
    public async Task A_refused_CA_write_publishes_its_type_with_error_in_place_of_the_event()
    {
        await using var lamassu = await LamassuHarness.StartAsync();

        await lamassu.CA("PUT", "/v1/certificates/x/status", LamassuBodies.Status("REVOKED", "Superseded"));

        var message = Assert.Single(lamassu.Published);
        Assert.Equal("certificate.status.update.error", message.Type);
        Assert.Null(message.Subject);
        Assert.Equal(
            """{"SerialNumber":"x","NewStatus":"REVOKED","RevocationReason":"Superseded"}""", message.Data["input"]!.ToJsonString());
        Assert.True((bool)message.Data["has_error"]!);
        Assert.Equal("mw error: could not get Certificate x: certificate not found", (string?)message.Data["output"]);
    }

    [Fact]
    public async Task Creating_twice_is_refused_in_each_service_s_own_way()
    {
        await using var lamassu = await LamassuHarness.StartAsync();
        await lamassu.CreateCAAsync("ca");
        var dms = LamassuBodies.Dms("dms", "ca", lamassu.ProfileId);
        await lamassu.Dms("POST", "/v1/dms", dms);
        await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("dev"));

        var ca = await lamassu.CA("POST", "/v1/cas", LamassuBodies.CA("ca", lamassu.ProfileId));
        Assert.Equal((409, "CA already exists"), (ca.Status, ca.Error));
        var again = await lamassu.Dms("POST", "/v1/dms", dms);
        Assert.Equal((500, "DMS already exists"), (again.Status, again.Error));
        var device = await lamassu.Devices("POST", "/v1/devices", LamassuBodies.Device("dev"));
        Assert.Equal((500, "23505"), (device.Status, (string?)device.Json["Code"]));
        Assert.False(device.Json.ContainsKey("err"));
    }

    [Fact]
    public async Task Creating_with_something_missing_is_refused()
    {
        await using var lamassu = await LamassuHarness.StartAsync();
        var profile = await lamassu.CreateProfileAsync();

        await AssertAnswer(400, "struct validation error", lamassu.CA("POST", "/v1/cas", LamassuBodies.CA("a", "")));
        await AssertAnswer(404, "issuance profile not found", lamassu.CA("POST", "/v1/cas", LamassuBodies.CA("a", "x")));
        await AssertAnswer(500, "CA not found", lamassu.CA("POST", "/v1/cas", LamassuBodies.CA("a", profile, "parent")));
        var lowerCase = new JsonObject { ["key_metadata"] = new JsonObject { ["type"] = "rsa", ["bits"] = 2048 } };
        await AssertAnswer(500, "unsupported key type", lamassu.CA("POST", "/v1/cas", LamassuBodies.CA("a", profile, "", lowerCase)));
        await AssertAnswer(500, "struct validation error", lamassu.Dms("POST", "/v1/dms", new JsonObject { ["id"] = "dms" }));
        var device = await lamassu.Devices("POST", "/v1/devices", new JsonObject { ["id"] = "dev" });
        Assert.Equal((500, "{}"), (device.Status, device.Text));
        Assert.All(Enum.GetValues<LamassuAwsConnector.Sandbox.Lamassu.LamassuKind>()[..^1], kind => Assert.Empty(lamassu.StandIn.State.All(kind)));
    }

    [Theory]
    [InlineData("GET", "/v1/unknown", 404)]
    [InlineData("POST", "/v1/cas/x", 404)]
    [InlineData("GET", "/v1/cas/a%2Fb", 404)]
    [InlineData("GET", "/api/dmsmanager/v1/cas", 404)]
    public async Task Unknown_routes_and_wrong_methods_are_not_found_as_plain_text(string method, string path, int status)
    {
        await using var lamassu = await LamassuHarness.StartAsync();

        var answer = await lamassu.CA(method, path);

        Assert.Equal((status, "text/plain", "404 page not found"), (answer.Status, answer.ContentType, answer.Text));
    }

    [Fact]
    public async Task A_trailing_slash_is_redirected_and_a_gateway_s_prefix_accepted()
    {
        await using var lamassu = await LamassuHarness.StartAsync();

        var get = await lamassu.CA("GET", "/v1/cas/?page_size=1");
        Assert.Equal((301, "/v1/cas?page_size=1"), (get.Status, get.Location));
        Assert.Equal(307, (await lamassu.CA("POST", "/v1/cas/")).Status);
        Assert.Equal(200, (await lamassu.CA("GET", "/api/ca/v1/cas")).Status);
        Assert.Equal(200, (await lamassu.Dms("GET", "/api/dmsmanager/v1/dms")).Status);
        Assert.Equal(200, (await lamassu.Devices("GET", "/api/devmanager/v1/devices")).Status);
    }

    [Theory]
    [InlineData("ca")]
    [InlineData("devices")]
    [InlineData("dms")]
    public async Task Each_service_says_that_it_is_well(string service)
    {
        await using var lamassu = await LamassuHarness.StartAsync();

        var answer = await Ask(lamassu, service)("GET", "/health", null, []);

        Assert.Equal(200, answer.Status);
        Assert.Equal(["health", "version", "build", "build_time"], answer.Json.Select(member => member.Key));
        Assert.True((bool)answer.Json["health"]!);
    }

    private static Func<string, string, JsonNode?, (string, string)[], Task<Answer>> Ask(LamassuHarness lamassu, string service) =>
        service switch { "ca" => lamassu.CA, "devices" => lamassu.Devices, _ => lamassu.Dms };

    private static async Task AssertAnswer(int status, string error, Task<Answer> asked)
    {
        var answer = await asked;
        Assert.Equal((status, error), (answer.Status, answer.Error));
    }
}
