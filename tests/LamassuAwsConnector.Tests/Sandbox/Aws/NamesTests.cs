namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class NamesTests : AwsStandInTest
{
    [Theory]
    [InlineData("GET /things/{0}", "a:b_c-1", "a b", "a.b", "a@b", "a/b", "é")]
    [InlineData("GET /thing-groups/{0}", "a:b_c-1", "a b", "a.b", "a,b")]
    [InlineData("GET /policies/{0}", "a+b=c,d.e@f-g_h", "a b", "a:b", "é", "a/b")]
    [InlineData("GET /provisioning-templates/{0}", "a_b-1", "a:b", "a.b", "a b")]
    public async Task Names_keep_to_their_pattern(string requestLine, string right, params string[] wrong)
    {
        (await CallAsync(string.Format(null, requestLine, Uri.EscapeDataString(right)))).Refused(404, "ResourceNotFoundException");
        foreach (var name in wrong)
        {
            (await CallAsync(string.Format(null, requestLine, Uri.EscapeDataString(name)))).RefusedAsInvalid();
        }
    }

    [Theory]
    [InlineData("GET /things/{0}", 128)]
    [InlineData("GET /thing-groups/{0}", 128)]
    [InlineData("GET /policies/{0}", 128)]
    [InlineData("GET /provisioning-templates/{0}", 36)]
    public async Task Names_keep_to_their_length(string requestLine, int longest)
    {
        (await CallAsync(string.Format(null, requestLine, new string('a', longest)))).Refused(404, "ResourceNotFoundException");
        (await CallAsync(string.Format(null, requestLine, new string('a', longest + 1)))).RefusedAsInvalid();
    }

    [Fact]
    public async Task Shadow_names_keep_to_pattern_and_length()
    {
        (await DataAsync($"GET /things/a/shadow?name={new string('a', 64)}")).Refused(404, "ResourceNotFoundException");
        (await DataAsync($"GET /things/a/shadow?name={new string('a', 65)}")).RefusedAsInvalid();
        (await DataAsync("GET /things/a/shadow?name=")).RefusedAsInvalid();
        (await DataAsync("GET /things/a/shadow?name=a.b")).RefusedAsInvalid();
    }

    [Theory]
    [InlineData("", "iot")]
    [InlineData("?endpointType=iot%3AData-ATS", "-ats.iot")]
    public async Task The_endpoint_is_a_bare_host_name_and_always_the_same(string query, string part)
    {
        var address = (await CallAsync($"GET /endpoint{query}")).Succeeded()["endpointAddress"]!;
        Assert.Matches($@"^[a-z0-9]{{14}}(-ats)?\.iot\.{Region}\.amazonaws\.com$", address);
        Assert.Contains(part, address);
        await SwitchAsync("POST reset");
        Assert.Equal(address, (await CallAsync($"GET /endpoint{query}"))["endpointAddress"]);
        (await CallAsync("GET /endpoint?endpointType=iot%3AOther")).RefusedAsInvalid();
    }
}
